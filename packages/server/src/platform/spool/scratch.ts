import { freeBytes } from "../threads/port.ts";

/** What is kept may be this many times as long as what is asked for. */
const MOST_TIMES = 4;
const ALWAYS_KEPT = 1024 * 1024;
/** What is made is a little longer than asked for, so that the next somewhat longer batch fits too. */
const SLACK = 1.25;

const NOTHING = Buffer.alloc(0);

/**
 * A buffer that is used again and again: a new one for each batch outlives the young generation, and only a collection of the whole
 * heap frees it. One that became much too short or long is freed.
 */
export function createScratch() {
  let kept = NOTHING;
  return {
    /** So many bytes with anything in them. What was taken before may be overwritten or gone. */
    take(length: number): Buffer {
      const isTooLong = kept.length > ALWAYS_KEPT && kept.length > MOST_TIMES * length;
      if (kept.length < length || isTooLong) {
        freeBytes(kept);
        kept = Buffer.allocUnsafeSlow(Math.ceil(length * SLACK));
      }
      return kept.subarray(0, length);
    },
    /** Whoever has it may go on using it. */
    forget(): void {
      kept = NOTHING;
    },
  };
}
export type Scratch = ReturnType<typeof createScratch>;
