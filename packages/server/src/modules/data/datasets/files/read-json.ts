import type { FileLimits } from "./limits.ts";
import { parseRow, tooLong } from "./parse-row.ts";
import { badRow, type FileRow, type FileRows } from "./row.ts";
import { createElementScanner, type Element } from "./scan-elements.ts";
import { asBuffer } from "./split-lines.ts";

/**
 * The objects of a JSON file: an array of objects, an object with an array under a key such as `data`, or one object
 * after another.
 */
export async function* readJson(source: AsyncIterable<Uint8Array>, { lineBytes }: FileLimits): FileRows {
  const scanner = createElementScanner(lineBytes);
  const toRow = ({ line, bytes, problem }: Element): FileRow => {
    if (problem !== null) return badRow(line, problem);
    return bytes === null ? tooLong(line, lineBytes) : parseRow(line, bytes);
  };
  for await (const piece of source) {
    const elements = scanner.push(asBuffer(piece));
    if (elements.length > 0) yield elements.map(toRow);
  }
  const last = scanner.end();
  if (last.length > 0) yield last.map(toRow);
}
