/** Work of so long is done at a stretch. */
const WORK_MS = 0.25;
/** The shortest there is: with what the system needs to wake a thread, about 0.07 ms. */
const REST_MS = 0.001;

export type Breaths = {
  /** To be called between pieces of work; rests when enough was done since the last rest. */
  take(): void;
};

type Options = {
  /** Milliseconds of any start. */
  readonly now?: () => number;
  /** Gives the core away for a moment. */
  readonly rest?: () => void;
};

/**
 * Rests for a thread that computes beside one that answers. Linux lets a thread that runs keep its core for up to some milliseconds, even where one of a
 * higher priority wants it; a thread that sleeps for a moment gives it up at once. Not for a thread that answers others: it sleeps.
 */
export function createBreaths({ now = () => performance.now(), rest = sleep }: Options = {}): Breaths {
  let since = now();
  return {
    take() {
      if (now() - since < WORK_MS) return;
      rest();
      since = now();
    },
  };
}

const nobodyWakes = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const sleep = () => void Atomics.wait(nobodyWakes, 0, 0, REST_MS);
