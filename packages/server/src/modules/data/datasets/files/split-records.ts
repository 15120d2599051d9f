import { AppError } from "../../../../kernel/errors.ts";
import type { FileLimits } from "./limits.ts";
import { asBuffer } from "./split-lines.ts";

/**
 * A record of a table file: a line, or several if a quoted cell contains line breaks. `problem` explains missing bytes.
 */
export type FileRecord =
  | { readonly line: number; readonly bytes: Buffer; readonly hasQuotes: boolean; readonly problem: null }
  | { readonly line: number; readonly bytes: null; readonly problem: string };

type Bounds = { readonly delimiter: number; readonly limits: Pick<FileLimits, "lineBytes" | "openQuotes"> };
/** Where a record ends, or why its end is not known: it has not come yet, within a quoted cell or outside of any. */
type End = { readonly end: number; readonly hasQuotes: boolean } | { readonly end: null; readonly isQuoted: boolean };

const [QUOTE, NEWLINE, RETURN] = [0x22, 0x0a, 0x0d];
const NOTHING = Buffer.alloc(0);

/** Cuts a table file into records as it comes. */
export async function* splitRecords(
  source: AsyncIterable<Uint8Array>,
  bounds: Bounds,
): AsyncGenerator<readonly FileRecord[], void, undefined> {
  const cutter = createCutter(bounds);
  let pending: Buffer = NOTHING;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  for await (const piece of source) {
    waiting.push(asBuffer(piece));
    waitingBytes += piece.byteLength;
    // A record far longer than a piece is joined only when it has doubled, so that joining stays linear.
    if (waitingBytes < pending.length) continue;
    const { records, rest } = cutter.cut(Buffer.concat([pending, ...waiting]), false);
    [pending, waiting, waitingBytes] = [rest, [], 0];
    if (records.length > 0) yield records;
  }
  const { records } = cutter.cut(Buffer.concat([pending, ...waiting]), true);
  if (records.length > 0) yield records;
}

function createCutter({ delimiter, limits }: Bounds) {
  let line = 1;
  let openQuotes = 0;
  /** The rest of a line that was too long is passed over. */
  let isSkipping = false;

  function passOver(bytes: Buffer, start: number): number {
    const recordEnd = bytes.indexOf(NEWLINE, start);
    if (recordEnd === -1) return bytes.length;
    isSkipping = false;
    line++;
    return recordEnd + 1;
  }

  /** A record without an end: its error, and the start of the next record. */
  function giveUp(bytes: Buffer, start: number, isQuoted: boolean): { record: FileRecord; next: number } {
    const mib = Math.max(1, Math.round(limits.lineBytes / 1024 / 1024));
    const long = `The row is longer than the limit of ${mib} MiB. Remove or shorten it.`;
    const open = `A quote opens here but does not close within ${mib} MiB or before the end of the file. Close it, or write "" for a quote inside a quoted cell.`;
    const record = { line, bytes: null, problem: isQuoted ? open : long } as const;
    if (isQuoted && ++openQuotes > limits.openQuotes)
      throw new AppError("unprocessable", {
        message: `More than ${limits.openQuotes} quotes were opened and never closed, the last one in line ${line}. Check the delimiter, and check that the file is CSV.`,
        details: { line },
      });
    isSkipping = true;
    return { record, next: passOver(bytes, start) };
  }

  return {
    cut(bytes: Buffer, isLast: boolean): { records: FileRecord[]; rest: Buffer } {
      const records: FileRecord[] = [];
      let start = isSkipping ? passOver(bytes, 0) : 0;
      while (start < bytes.length) {
        const end = endOfRecord(bytes, { start, delimiter, isLast });
        if (end.end !== null && end.end - start <= limits.lineBytes) {
          const whole = bytes.subarray(start, end.end);
          const record = whole.at(-1) === RETURN ? whole.subarray(0, -1) : whole;
          records.push({ line, bytes: record, hasQuotes: end.hasQuotes, problem: null });
          line += 1 + (end.hasQuotes ? count(record, NEWLINE) : 0);
          start = end.end + 1;
        } else {
          if (!isLast && end.end === null && bytes.length - start <= limits.lineBytes) break;
          const { record, next } = giveUp(bytes, start, end.end === null ? end.isQuoted : end.hasQuotes);
          records.push(record);
          start = next;
        }
      }
      return { records, rest: Buffer.from(bytes.subarray(start)) };
    },
  };
}

/** A cell is quoted when it begins with a quote; any other quote is a character like others. */
function endOfRecord(
  bytes: Buffer,
  { start, delimiter, isLast }: { start: number; delimiter: number; isLast: boolean },
): End {
  let newline = bytes.indexOf(NEWLINE, start);
  let at = start;
  let hasQuotes = false;
  for (;;) {
    const quote = bytes.indexOf(QUOTE, at);
    if (quote === -1 || (newline !== -1 && quote > newline)) {
      if (newline === -1 && !isLast) return { end: null, isQuoted: false };
      return { end: newline === -1 ? bytes.length : newline, hasQuotes };
    }
    if (quote !== start && bytes[quote - 1] !== delimiter) {
      at = quote + 1;
      continue;
    }
    hasQuotes = true;
    const close = closingQuote(bytes, quote + 1, isLast);
    if (close === null) return { end: null, isQuoted: true };
    at = close + 1;
    if (newline !== -1 && newline < at) newline = bytes.indexOf(NEWLINE, at);
  }
}

/** The quote that closes a cell; null when it has not come, or may be the first half of a doubled one. */
function closingQuote(bytes: Buffer, from: number, isLast: boolean): number | null {
  for (let at = bytes.indexOf(QUOTE, from); at !== -1; at = bytes.indexOf(QUOTE, at + 2)) {
    if (at + 1 === bytes.length) return isLast ? at : null;
    if (bytes[at + 1] !== QUOTE) return at;
  }
  return null;
}

function count(bytes: Buffer, byte: number): number {
  let total = 0;
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) total++;
  return total;
}
