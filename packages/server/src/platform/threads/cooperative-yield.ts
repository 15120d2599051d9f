/** Work of so long is done at a stretch. */
const WORK_MS = 0.25;
/** The shortest there is: with what the system needs to wake a thread, about 0.07 ms. */
const REST_MS = 0.001;

export type CooperativeYield = {
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
 * Pauses for a thread that computes while another answers requests. Linux lets a running thread use its core for
 * several milliseconds, even if a thread with higher priority waits. A thread that sleeps for a moment releases it
 * immediately. Not for a thread that answers others, because it sleeps.
 */
export function createCooperativeYield({
  now = () => performance.now(),
  rest = sleep,
}: Options = {}): CooperativeYield {
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
