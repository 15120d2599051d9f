import type { FileFormat } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { FileLimits } from "./limits.ts";
import type { Content } from "./row.ts";
import { asBuffer } from "./split-lines.ts";
import { gunzip } from "./unpack.ts";

/**
 * The type of a file, and its first decompressed bytes. `format` is null if neither its name nor its content show it.
 */
export type Detected = { readonly format: FileFormat | null; readonly isGzip: boolean; readonly head: Buffer };

const HEAD_BYTES = 64 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b]);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Files whose rows are readable only after a conversion. */
const REFUSED: readonly (readonly [magic: readonly number[], message: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "It is a zip archive or a spreadsheet. Unpack it, or save the sheet as CSV."],
  [[0x28, 0xb5, 0x2f, 0xfd], "It is compressed with zstd. Unpack it, or compress it with gzip."],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "It is compressed with xz. Unpack it, or compress it with gzip."],
  [[0x42, 0x5a, 0x68], "It is compressed with bzip2. Unpack it, or compress it with gzip."],
  [[0xff, 0xfe], "Its text is UTF-16. Save it as UTF-8."],
  [[0xfe, 0xff], "Its text is UTF-16. Save it as UTF-8."],
  [[0xd0, 0xcf, 0x11, 0xe0], "It is an old Office document. Save the sheet as CSV."],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], "It is an Arrow file. Save it as Parquet."],
];

const BY_ENDING: ReadonlyMap<string, FileFormat> = new Map<string, FileFormat>([
  ["csv", "csv"],
  ["tsv", "tsv"],
  ["tab", "tsv"],
  ["json", "json"],
  ["jsonl", "jsonl"],
  ["ndjson", "jsonl"],
  ["parquet", "parquet"],
]);

/**
 * Detects the format by the name and the first bytes. Throws `unprocessable` for files without rows, such as a zip
 * archive.
 */
export async function detectFormat(name: string, content: Content, limits: FileLimits): Promise<Detected> {
  const raw = await headOf(content.read({ start: 0, end: Math.min(HEAD_BYTES, content.sizeBytes) }));
  const isGzip = raw.subarray(0, 2).equals(GZIP);
  const head = isGzip ? await headOf(gunzip(content.read(), limits)) : raw;
  for (const [magic, message] of REFUSED)
    if (head.subarray(0, magic.length).equals(Buffer.from(magic)))
      throw new AppError("unprocessable", { message: `"${name}" cannot be read. ${message}` });
  return { format: formatOf(name, head), isGzip, head };
}

async function headOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of source) {
    pieces.push(asBuffer(piece));
    size += piece.byteLength;
    if (size >= HEAD_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, HEAD_BYTES);
}

function formatOf(name: string, head: Buffer): FileFormat | null {
  if (head.subarray(0, 4).toString("latin1") === "PAR1") return "parquet";
  const ending = BY_ENDING.get(/\.([a-z]+)(?:\.gz|\.gzip)?$/i.exec(name)?.[1]?.toLowerCase() ?? "") ?? null;
  if (ending === "csv" || ending === "tsv" || ending === "parquet") return ending;
  const text = withoutMark(head).toString().trimStart();
  if (text.startsWith("[")) return "json";
  if (text.startsWith("{")) return isObjectPerLine(text) ? "jsonl" : (ending ?? "json");
  if (ending !== null) return ending;
  const first = text.split("\n", 1)[0] ?? "";
  if (first.includes("\t")) return "tsv";
  return /[,;|]/.test(first) ? "csv" : null;
}

/** Whether the first line is an object and another one follows; a file whose first line fills the head is taken for one too. */
function isObjectPerLine(text: string): boolean {
  const end = text.indexOf("\n");
  if (end === -1) return text.length >= HEAD_BYTES / 4;
  const next = text.slice(end).trimStart();
  return /\}\s*$/.test(text.slice(0, end)) && (next === "" || next.startsWith("{"));
}

export const withoutMark = (bytes: Buffer) =>
  bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;

/** The bytes of a text without the mark that some programs set before it. */
export async function* skipMark(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const piece of source) {
    if (head === null) yield asBuffer(piece);
    else {
      head = Buffer.concat([head, asBuffer(piece)]);
      if (head.length < BYTE_ORDER_MARK.length) continue;
      yield withoutMark(head);
      head = null;
    }
  }
  if (head !== null && head.length > 0) yield head;
}
