import type { FileColumn, FilePreview, FileReading, RowError } from "@treadle/contract";
import { createRowEncoder } from "../chunks/item-hash.ts";
import type { Row } from "../files/row.ts";
import { columnsOf, inspectFile, type NamedContent } from "./inspect-file.ts";
import { createDraftReader } from "./read-drafts.ts";

const ITEMS_SHOWN = 20;
const ERRORS_SHOWN = 100;
const EXAMPLES = 3;
const EXAMPLE_CHARACTERS = 200;

/** The result of an import for the beginning of a file. */
export async function previewFile(file: NamedContent, given: FileReading): Promise<FilePreview> {
  const { reading, delimiter, fitting, rows, isWholeFile } = await inspectFile(file, given);
  const toDraft = createDraftReader(file.name, reading);
  const encoder = createRowEncoder();
  const items: FilePreview["items"] = [];
  const errors: RowError[] = [];
  for (const row of rows) {
    const { line, draft, error } = toDraft(row);
    const item = draft && encoder.encode(draft)?.item;
    if (item && items.length < ITEMS_SHOWN) items.push({ ...item, line });
    else if (error) errors.push(error);
    else if (draft && !item) errors.push(takenId(line, draft.itemId));
  }
  const good = rows.flatMap(({ row }) => (row === null ? [] : [row]));
  return {
    format: reading.format,
    delimiter,
    shape: reading.shape,
    fittingShapes: [...fitting],
    columns: columnsOf(good).map((column) => describeColumn(column, good)),
    mapping: reading.mapping,
    rowsRead: rows.length,
    isWholeFile,
    items,
    errors: errors.slice(0, ERRORS_SHOWN),
    errorCount: errors.length,
  };
}

/** An id that a line before it, or the dataset, has already. */
export const takenId = (line: number, itemId = ""): RowError => ({
  line,
  pointer: "/id",
  message: `The id "${itemId}" is already used, by an earlier line or by the dataset. Use another id, or derive ids from the content.`,
});

function describeColumn(column: string, rows: readonly Row[]): FileColumn {
  const types = new Set<FileColumn["types"][number]>();
  const examples = new Set<string>();
  let filled = 0;
  for (const row of rows) {
    const value = row[column];
    if (value === undefined) continue;
    types.add(typeOf(value));
    if (value === null) continue;
    filled += 1;
    if (examples.size >= EXAMPLES) continue;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    examples.add(text.slice(0, EXAMPLE_CHARACTERS).toWellFormed());
  }
  return { column, types: [...types], filled, examples: [...examples] };
}

function typeOf(value: unknown): FileColumn["types"][number] {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  return type === "string" || type === "number" || type === "boolean" ? type : "object";
}
