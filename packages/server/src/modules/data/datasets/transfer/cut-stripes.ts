import { allotShared } from "../chunks/row-blocks.ts";
import { asBuffer } from "../files/split-lines.ts";

/** Whole lines of a file, of which the first is line `firstLine`. */
type Stripe = { readonly bytes: Uint8Array; readonly firstLine: number };

const STRIPE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

type Options = {
  /**
   * Bytes of the longest accepted line. One more byte is stored of a longer line, so that it is recognized as too long.
   */
  readonly lineBytes: number;
  /** Buffers that are no longer read, for reuse. */
  readonly spare: () => Uint8Array | undefined;
};

/** Cuts bytes into pieces that several threads can read: each ends with a line. */
export async function* cutStripes(
  source: AsyncIterable<Uint8Array>,
  { lineBytes, spare }: Options,
): AsyncGenerator<Stripe, void, undefined> {
  let sharedBytes = allotShared(2 * STRIPE_BYTES);
  let used = 0;
  let firstLine = 1;
  let isPassingOver = false;

  function add(piece: Buffer): void {
    if (used + piece.length > sharedBytes.length) {
      const larger = allotShared(Math.max(sharedBytes.length * 2, used + piece.length));
      sharedBytes.copy(larger, 0, 0, used);
      sharedBytes = larger;
    }
    used += piece.copy(sharedBytes, used);
  }

  function take(end: number): Stripe {
    const given = spare();
    const next =
      given && given.buffer.byteLength >= sharedBytes.length
        ? Buffer.from(given.buffer)
        : allotShared(Math.max(2 * STRIPE_BYTES, used - end));
    sharedBytes.copy(next, 0, end, used);
    const stripe = { bytes: sharedBytes.subarray(0, end), firstLine };
    firstLine += countLines(stripe.bytes);
    [sharedBytes, used] = [next, used - end];
    return stripe;
  }

  for await (const given of source) {
    let piece = asBuffer(given);
    if (isPassingOver) {
      const end = piece.indexOf(NEWLINE);
      if (end === -1) continue;
      isPassingOver = false;
      piece = piece.subarray(end);
    }
    add(piece);
    if (used < STRIPE_BYTES) continue;
    const end = sharedBytes.lastIndexOf(NEWLINE, used - 1) + 1;
    if (end > 0) yield take(end);
    if (used <= lineBytes + 1) continue;
    // A line that is too long is never held whole.
    used = lineBytes + 1;
    isPassingOver = true;
  }
  if (used > 0) yield take(used);
}

export function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
