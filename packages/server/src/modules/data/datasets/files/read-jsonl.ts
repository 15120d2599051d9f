import type { FileLimits } from "./limits.ts";
import { parseRow, tooLong } from "./parse-row.ts";
import type { FileRow, FileRows } from "./row.ts";
import { splitLines } from "./split-lines.ts";

/** Few enough that they are gone before memory is tidied up, which then finds next to nothing to keep. */
const ROWS_AT_ONCE = 64;

/** A JSON object on each line. Empty lines are passed over. */
export async function* readJsonl(source: AsyncIterable<Uint8Array>, limits: FileLimits, firstLine = 1): FileRows {
  for await (const lines of splitLines(source, limits.lineBytes, firstLine)) {
    let rows: FileRow[] = [];
    for (const { line, bytes, isSound } of lines) {
      if (bytes === null) rows.push(tooLong(line, limits.lineBytes));
      else if (!isBlank(bytes)) rows.push(parseRow(line, bytes, isSound));
      if (rows.length < ROWS_AT_ONCE) continue;
      yield rows;
      rows = [];
    }
    if (rows.length > 0) yield rows;
  }
}

/** Whether a line holds nothing. */
export function isBlank(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}
