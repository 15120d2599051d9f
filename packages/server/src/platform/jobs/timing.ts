/** How often the runner does what, in milliseconds; tests are less patient than people. */
export type Timing = {
  /** The interval of polls for due jobs without a notification. */
  readonly pollMs: number;
  /** The interval of polls for requests to active jobs. */
  readonly beatMs: number;
  /** A process that has not been heard of for so long is taken to be gone. */
  readonly leaseMs: number;
  readonly progressMs: number;
  /** Between the first failure and the second try. */
  readonly firstWaitMs: number;
  /** The longest wait between two tries, before jitter. */
  readonly longestWaitMs: number;
  /** What handlers are given to stop in. */
  readonly graceMs: number;
  readonly sweepMs: number;
  /** Days that a job stays in the list after it ended. */
  readonly keepDays: number;
};

export const TIMING: Timing = {
  pollMs: 5_000,
  beatMs: 1_000,
  leaseMs: 30_000,
  progressMs: 400,
  firstWaitMs: 2_000,
  longestWaitMs: 300_000,
  graceMs: 10_000,
  sweepMs: 60_000,
  keepDays: 30,
};
