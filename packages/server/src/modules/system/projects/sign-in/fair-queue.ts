import { AppError } from "../../../../kernel/errors.ts";

type Limits = {
  readonly running: number;
  /** How many of one caller may wait. */
  readonly waitingEach: number;
  readonly waiting: number;
};

/**
 * Runs slow work, a little of it at a time. Callers alternate, so that one who sends much waits for itself and others do not
 * wait for it. Throws `rate_limited` for a caller with too much waiting, and `overloaded` when there is too much of all callers.
 */
export function createFairQueue(limits: Limits) {
  /** In the order of their turns: who has just had one goes last. */
  const queues = new Map<string, (() => void)[]>();
  let running = 0;
  let waiting = 0;

  function wait(caller: string): Promise<void> {
    const queue = queues.get(caller) ?? [];
    if (queue.length >= limits.waitingEach)
      throw new AppError("rate_limited", {
        message: "Too many sign-ins from your address are waiting. Try again in 5 seconds.",
        retryAfterSeconds: 5,
      });
    if (waiting >= limits.waiting) throw new AppError("overloaded", { retryAfterSeconds: 5 });
    waiting++;
    queues.set(caller, queue);
    return new Promise((resolve) => queue.push(resolve));
  }

  function startNext(): void {
    const [caller] = queues.keys();
    const queue = caller === undefined ? undefined : queues.get(caller);
    const next = queue?.shift();
    if (caller === undefined || !queue || !next) {
      running--;
      return;
    }
    waiting--;
    queues.delete(caller);
    if (queue.length > 0) queues.set(caller, queue);
    next();
  }

  return async function run<Result>(caller: string, work: () => Promise<Result>): Promise<Result> {
    if (running >= limits.running) await wait(caller);
    else running++;
    try {
      return await work();
    } finally {
      startNext();
    }
  };
}
