import type { RowError } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { ItemDraft } from "../chunks/item-hash.ts";
import type { FileRow } from "../files/row.ts";
import { shapeOf } from "../shapes/find-shape.ts";
import type { ResolvedReading } from "./inspect-file.ts";

/** An item as a line of a file says it, or what is wrong with the line. */
export type DraftRow =
  | { readonly line: number; readonly draft: ItemDraft; readonly error: null }
  | { readonly line: number; readonly draft: null; readonly error: RowError };

export const wrongRow = (line: number, pointer: string, message: string): DraftRow => ({
  line,
  draft: null,
  error: { line, pointer, message },
});

/** Turns the rows of a file into items, as its reading says. */
export function createDraftReader(
  fileName: string,
  { format, shape: id, mapping, ids, split }: Omit<ResolvedReading, "hasHeader" | "delimiter">,
) {
  const shape = shapeOf(id, mapping);
  const origin = { isTable: format === "csv" || format === "tsv" };
  return function toDraft({ line, row, problem }: FileRow): DraftRow {
    if (problem !== null) return wrongRow(line, problem.pointer, problem.message);
    try {
      const { itemId, inputs, expected, metadata: said, split: own, source } = shape.read(row, origin);
      const isOwn = itemId !== null && ids === "file";
      const metadata = itemId !== null && ids === "content" ? { id: itemId, ...said } : said;
      const from = source ?? { kind: "file", file: fileName, line };
      const draft: ItemDraft = {
        itemId: isOwn ? itemId : undefined,
        inputs,
        expected,
        metadata,
        source: from,
        split: own ?? split ?? null,
      };
      return { line, draft, error: null };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const pointer = isRecord(error.details) ? error.details.pointer : "";
      return wrongRow(line, typeof pointer === "string" ? pointer : "", error.message);
    }
  };
}
