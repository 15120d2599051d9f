import { type OpenOptions, openRows } from "../open-rows.ts";
import type { Content, FileRow } from "../row.ts";

/** Bytes as a file that comes in pieces of a size. */
export const contentOf = (bytes: Buffer, pieceBytes = 65_536): Content => ({
  sizeBytes: bytes.length,
  async *read({ start = 0, end = bytes.length } = { start: 0, end: bytes.length }) {
    for (let at = start; at < end; at += pieceBytes) yield bytes.subarray(at, Math.min(at + pieceBytes, end));
  },
});

/** All rows of a file. */
export async function readAll(
  bytes: Buffer | string,
  { pieceBytes, ...options }: OpenOptions & { readonly pieceBytes?: number },
): Promise<FileRow[]> {
  const { rows } = await openRows(contentOf(Buffer.from(bytes), pieceBytes), options);
  const all: FileRow[] = [];
  for await (const batch of rows) all.push(...batch);
  return all;
}

/** The readable rows, and the unreadable lines with their errors. */
export function sortOut(rows: readonly FileRow[]) {
  return {
    good: rows.flatMap(({ row }) => (row === null ? [] : [row])),
    bad: rows.flatMap(({ line, problem }) => (problem === null ? [] : [{ line, ...problem }])),
  };
}
