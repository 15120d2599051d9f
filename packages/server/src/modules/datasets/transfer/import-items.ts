import { MAX_IMPORT_ERRORS, type RowError } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { CheckItem } from "../check-schema.ts";
import { openRows } from "../files/open-rows.ts";
import type { FileRow } from "../files/row.ts";
import type { EncodedRow, RowEncoder } from "../item-hash.ts";
import type { NamedContent, ResolvedReading } from "./inspect-file.ts";
import { takenId } from "./preview-file.ts";
import { createDraftReader } from "./read-drafts.ts";

export type Tally = {
  rowsRead: number;
  rowsAdded: number;
  errorCount: number;
  readonly errors: RowError[];
};

type Options = {
  readonly file: NamedContent;
  readonly reading: ResolvedReading;
  /** Knows the ids that are taken already. */
  readonly encoder: RowEncoder;
  readonly keepGoodRows: boolean;
  readonly check: CheckItem;
  readonly signal: AbortSignal;
};

/**
 * The items of a file, ready to be written, as they are read, and a tally that grows meanwhile: all errors are counted, and the first of them kept.
 * After an error no more items come, unless the good rows are asked for; the rest is then only looked at.
 */
export function importItems({ file, reading, encoder, keepGoodRows, check, signal }: Options) {
  const tally: Tally = { rowsRead: 0, rowsAdded: 0, errorCount: 0, errors: [] };
  const toDraft = createDraftReader(file.name, reading);
  const note = (error: RowError) => {
    tally.errorCount += 1;
    if (tally.errors.length < MAX_IMPORT_ERRORS) tally.errors.push(error);
  };

  /** The row to be written, or what is wrong with it. */
  function toRow(read: FileRow): EncodedRow | RowError {
    const { line, draft, error } = toDraft(read);
    if (error !== null) return error;
    try {
      const row = encoder.encode(draft);
      if (row === null) return takenId(line, draft.itemId);
      const problem = check(row.item);
      return problem ? { line, ...problem } : row;
    } catch (cause) {
      // An item may be larger than its line, such as one that was read from JSON within a text.
      if (!(cause instanceof AppError)) throw cause;
      return { line, pointer: "", message: cause.message };
    }
  }

  async function* rows(): AsyncGenerator<readonly EncodedRow[], void, undefined> {
    const opened = await openRows(file.content, { name: file.name, ...reading, signal });
    for await (const batch of opened.rows) {
      signal.throwIfAborted();
      const good: EncodedRow[] = [];
      for (const read of batch) {
        const row = toRow(read);
        if (!("rowHash" in row)) note(row);
        else if (keepGoodRows || tally.errorCount === 0) good.push(row);
      }
      tally.rowsRead += batch.length;
      tally.rowsAdded += good.length;
      yield good;
    }
  }
  return { rows: rows(), tally };
}
