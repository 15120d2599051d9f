import { freeBytes } from "../../threads/port.ts";

/** The maximum ratio of the buffer's size to the requested size. */
const MOST_TIMES = 4;
const ALWAYS_KEPT = 1024 * 1024;
/** The buffer is slightly longer than requested, so that the next slightly longer batch fits too. */
const SLACK = 1.25;

const NOTHING = Buffer.alloc(0);

/**
 * A reused buffer. A new buffer per batch would outlive the young generation, and only a full garbage collection would
 * free it. A buffer of an unsuitable size is freed.
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
    /** Its current user may continue to use it. */
    forget(): void {
      kept = NOTHING;
    },
  };
}
export type Scratch = ReturnType<typeof createScratch>;
