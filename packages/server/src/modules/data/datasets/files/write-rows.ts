import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { FileFormat } from "@treadle/contract";
import { cellOf } from "./cells.ts";
import { JSON_SUFFIX } from "./read-table.ts";
import type { Column, Row } from "./row.ts";
import { writeParquet } from "./write-parquet.ts";

type Batches = AsyncIterable<readonly Row[]>;

/** Whether the columns must be known before the first row is written. */
export const needsColumns = (format: FileFormat) => format === "csv" || format === "tsv" || format === "parquet";

/** Rows as the bytes of a file, some at a time. */
export function writeRows(rows: Batches, { format, columns }: { format: FileFormat; columns: readonly Column[] }) {
  if (format === "jsonl") return writeJsonl(rows);
  if (format === "json") return writeJson(rows);
  if (format === "parquet") return writeParquet(rows, columns);
  return writeTable(rows, columns, format === "tsv" ? "\t" : ",");
}

async function* writeJsonl(rows: Batches): AsyncGenerator<Buffer, void, undefined> {
  for await (const batch of rows)
    if (batch.length > 0) yield Buffer.from(batch.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

async function* writeJson(rows: Batches): AsyncGenerator<Buffer, void, undefined> {
  let before = "[\n";
  for await (const batch of rows) {
    if (batch.length === 0) continue;
    yield Buffer.from(before + batch.map((row) => JSON.stringify(row)).join(",\n"));
    before = ",\n";
  }
  yield Buffer.from(before === "[\n" ? "[]\n" : "\n]\n");
}

/** A name that would be read as another, with a space or the mark of JSON at its end, gets the mark, and is read as it is. */
const readable = ({ name, isJson }: Column): Column => ({
  name,
  isJson: isJson || name.endsWith(JSON_SUFFIX) || name.trimEnd() !== name,
});

async function* writeTable(rows: Batches, given: readonly Column[], delimiter: string): AsyncGenerator<Buffer, void> {
  const columns = given.map(readable);
  const names = columns.map(({ name, isJson }) => cellOf(isJson ? `${name}${JSON_SUFFIX}` : name, delimiter));
  yield Buffer.from(`${names.join(delimiter)}\r\n`);
  const lineOf = (row: Row) =>
    `${columns.map((column) => tableCell(row[column.name], column, delimiter)).join(delimiter)}\r\n`;
  for await (const batch of rows) if (batch.length > 0) yield Buffer.from(batch.map(lineOf).join(""));
}

function tableCell(value: unknown, { isJson }: Column, delimiter: string): string {
  if (value === undefined) return "";
  if (!isJson) return typeof value === "string" ? cellOf(value, delimiter) : "";
  const json = JSON.stringify(value);
  // A number may begin with a minus, and calculates to nothing but itself.
  return typeof value === "number" ? json : cellOf(json, delimiter);
}

/** The bytes compressed with gzip as they come. */
export async function* gzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  const encoder = createGzip();
  const flow = pipeline(Readable.from(source), encoder);
  // An error of the source ends the encoder, and is thrown to its reader.
  flow.catch(() => undefined);
  for await (const piece of encoder) yield piece;
  await flow;
}
