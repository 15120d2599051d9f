import { MAX_IMPORT_ERRORS, type RowError } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { EncodedRow, RowEncoder } from "../chunks/item-hash.ts";
import type { FileRow } from "../files/row.ts";
import type { CheckItem } from "../items/check-schema.ts";
import type { ResolvedReading } from "./inspect-file.ts";
import { takenId } from "./preview-file.ts";
import { createDraftReader } from "./read-drafts.ts";

export type Tally = {
  rowsRead: number;
  rowsAdded: number;
  errorCount: number;
  /** The first of them. */
  errors: RowError[];
};
export const emptyTally = (): Tally => ({ rowsRead: 0, rowsAdded: 0, errorCount: 0, errors: [] });

export function noteError(tally: Tally, error: RowError): void {
  tally.errorCount += 1;
  if (tally.errors.length < MAX_IMPORT_ERRORS) tally.errors.push(error);
}

type Options = {
  readonly fileName: string;
  readonly reading: ResolvedReading;
  readonly check: CheckItem;
  /** Knows the ids that are taken already. */
  readonly encoder: RowEncoder;
  /** Receives each valid row, ready to be written. `ownLine` is the line of a row with its own id, otherwise zero. */
  readonly add: (row: EncodedRow, ownLine: number) => void;
};

/** Turns rows of a file into items, and gives a tally of the errors. */
export function createItemReader({ fileName, reading, check, encoder, add }: Options) {
  const toDraft = createDraftReader(fileName, reading);

  /** The problem of the row. Null if it was added. */
  function take(read: FileRow): RowError | null {
    const { line, draft, error } = toDraft(read);
    if (error !== null) return error;
    try {
      const row = encoder.encode(draft);
      if (row === null) return takenId(line, draft.itemId);
      const problem = check(row.item);
      if (problem) return { line, ...problem };
      add(row, draft.itemId === undefined ? 0 : line);
      return null;
    } catch (cause) {
      // An item can be larger than its line, for example if it was parsed from JSON in a text.
      if (!(cause instanceof AppError)) throw cause;
      return { line, pointer: "", message: cause.message };
    }
  }

  return function readInto(rows: readonly FileRow[], tally: Tally): void {
    for (const read of rows) {
      const error = take(read);
      if (error) noteError(tally, error);
    }
    tally.rowsRead += rows.length;
  };
}
