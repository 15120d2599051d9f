import type { FileFormat } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { type Detected, detectFormat, skipMark } from "./detect-format.ts";
import { FILE_LIMITS, type FileLimits } from "./limits.ts";
import { readJson } from "./read-json.ts";
import { readJsonl } from "./read-jsonl.ts";
import { readParquet } from "./read-parquet.ts";
import { guessDelimiter, readTable } from "./read-table.ts";
import type { Content, FileRows } from "./row.ts";
import { gunzip } from "./unpack.ts";

export type OpenOptions = {
  readonly name: string;
  readonly format?: FileFormat | undefined;
  readonly hasHeader?: boolean;
  readonly delimiter?: string | undefined;
  readonly signal?: AbortSignal;
  readonly limits?: FileLimits;
};
export type OpenFile = {
  readonly format: FileFormat;
  readonly isGzip: boolean;
  readonly delimiter: string | null;
  readonly rows: FileRows;
};

/**
 * Opens a file of rows and holds only a few of them at a time. Throws `unprocessable` for an unknown format, and if the
 * file is damaged, a bomb, or without columns. The error of a row is returned in its place.
 */
export async function openRows(content: Content, options: OpenOptions): Promise<OpenFile> {
  const { name, limits = FILE_LIMITS, hasHeader = true, signal } = options;
  if (content.sizeBytes === 0) throw new AppError("unprocessable", { message: `"${name}" is empty.` });
  const { isGzip, head, ...detected } = await detectFormat(name, content, limits);
  const format = options.format ?? detected.format;
  if (format === null)
    throw new AppError("unprocessable", {
      message: `The format of "${name}" cannot be detected from its name or content. Set the format: csv, tsv, json, jsonl or parquet.`,
    });
  if (format === "parquet") {
    if (isGzip) throw new AppError("unprocessable", { message: GZIP_PARQUET });
    return { format, isGzip, delimiter: null, rows: readParquet(content, limits, signal) };
  }
  const bytes = skipMark(isGzip ? gunzip(content.read(), limits) : content.read());
  const delimiter = delimiterOf(format, options.delimiter, head);
  if (delimiter !== null)
    return { format, isGzip, delimiter, rows: readTable(bytes, { delimiter, hasHeader, limits }) };
  const rows = format === "json" ? readJson(bytes, limits) : readJsonl(bytes, limits);
  return { format, isGzip, delimiter, rows };
}

const GZIP_PARQUET =
  "A Parquet file inside gzip is not supported. Send the Parquet file itself; it is already compressed.";

function delimiterOf(format: FileFormat, given: string | undefined, head: Detected["head"]): string | null {
  if (format === "tsv") return "\t";
  return format === "csv" ? (given ?? guessDelimiter(head.toString())) : null;
}
