import { isUtf8 } from "node:buffer";

/** A line without its end. `bytes` is null when it is longer than is taken. `isSound`: known to be UTF-8 without NUL. */
export type Line = { readonly line: number; readonly bytes: Buffer | null; readonly isSound: boolean };

const NEWLINE = 0x0a;
const RETURN = 0x0d;

export const asBuffer = (bytes: Uint8Array) =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Splits bytes into lines, piece by piece, and leaves out most empty lines. A line that is too long is skipped and
 * never in memory as a whole.
 */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  firstLine = 1,
): AsyncGenerator<readonly Line[], void, undefined> {
  const lineStart = createBegunLine(maxBytes);
  let line = firstLine;
  for await (const piece of source) {
    const bytes = asBuffer(piece);
    const lines: Line[] = [];
    const first = bytes.indexOf(NEWLINE);
    if (first === -1) {
      lineStart.add(bytes);
      continue;
    }
    lines.push({ line: line++, bytes: lineStart.end(bytes.subarray(0, first)), isSound: false });
    const last = bytes.lastIndexOf(NEWLINE);
    const middle = bytes.subarray(first + 1, last + 1);
    const isSound = middle.length > 0 && isUtf8(middle) && !middle.includes(0);
    for (let at = first + 1; at <= last; ) {
      const end = bytes.indexOf(NEWLINE, at);
      if (end === at) {
        line++;
        at++;
        continue;
      }
      const isLong = end - at > maxBytes;
      lines.push({ line: line++, bytes: isLong ? null : withoutReturn(bytes.subarray(at, end)), isSound });
      at = end + 1;
    }
    lineStart.add(bytes.subarray(last + 1));
    yield lines;
  }
  if (!lineStart.isEmpty()) yield [{ line, bytes: lineStart.end(Buffer.alloc(0)), isSound: false }];
}

/** A line whose end has not come yet. */
function createBegunLine(maxBytes: number) {
  let pieces: Buffer[] = [];
  let size = 0;
  function add(piece: Buffer) {
    size += piece.length;
    if (size > maxBytes) pieces = [];
    else if (piece.length > 0) pieces.push(piece);
  }
  return {
    add,
    isEmpty: () => size === 0,
    /** The whole line, or null when it was too long; the next one begins. */
    end(piece: Buffer): Buffer | null {
      add(piece);
      const whole = size > maxBytes ? null : pieces.length === 1 ? (pieces[0] ?? null) : Buffer.concat(pieces, size);
      pieces = [];
      size = 0;
      return whole === null ? null : withoutReturn(whole);
    },
  };
}

const withoutReturn = (bytes: Buffer) => (bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes);
