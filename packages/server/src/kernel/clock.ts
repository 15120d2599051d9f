/** The time, as an argument, so that a test can hold it. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds from an arbitrary start that never jump back; for durations. */
  elapsed(): number;
};

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() };
