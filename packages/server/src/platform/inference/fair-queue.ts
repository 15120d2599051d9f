import { AppError } from "../../kernel/errors.ts";

type Waiter = { readonly start: () => void };
type Limits = {
  /** How many run at once. */ readonly parallel: number /** How many may wait. */;
  readonly maxWaiting: number;
};

/**
 * Runs a limited number concurrently; the others wait. Turns rotate over the callers, so that a caller with a hundred
 * requests does not delay a caller with one. `enter` resolves with the function that ends the turn. It throws
 * `overloaded` if too many wait.
 */
export function createFairQueue({ parallel, maxWaiting }: Limits) {
  const waiting = new Map<string, Waiter[]>();
  let waitingCount = 0;
  let running = 0;
  let secondsOfTurn = 1;

  function begin(): () => void {
    running++;
    const startedAt = performance.now();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      running--;
      secondsOfTurn = 0.8 * secondsOfTurn + 0.2 * ((performance.now() - startedAt) / 1_000);
      startNext();
    };
  }
  function startNext() {
    for (const [caller, line] of waiting) {
      const next = line.shift();
      // A map preserves the order of insertion: a caller that is inserted again is the last in the rotation.
      waiting.delete(caller);
      if (line.length > 0) waiting.set(caller, line);
      if (!next) continue;
      waitingCount--;
      return next.start();
    }
  }
  function leave(caller: string, waiter: Waiter) {
    const line = waiting.get(caller);
    const at = line?.indexOf(waiter) ?? -1;
    if (!line || at === -1) return;
    line.splice(at, 1);
    waitingCount--;
    if (line.length === 0) waiting.delete(caller);
  }
  function overloaded() {
    const retryAfterSeconds = Math.max(1, Math.ceil((secondsOfTurn * waitingCount) / parallel));
    return new AppError("overloaded", {
      message: `The model is at its limit: ${running} requests are running and ${waitingCount} are waiting. Try again in ${retryAfterSeconds} s.`,
      details: { running, waiting: waitingCount },
      retryAfterSeconds,
    });
  }

  return {
    async enter(caller: string, signal: AbortSignal): Promise<() => void> {
      if (signal.aborted) throw new AppError("cancelled");
      if (running < parallel) return begin();
      if (waitingCount >= maxWaiting) throw overloaded();
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          leave(caller, waiter);
          reject(new AppError("cancelled"));
        };
        const waiter = {
          start: () => {
            signal.removeEventListener("abort", onAbort);
            resolve(begin());
          },
        };
        signal.addEventListener("abort", onAbort, { once: true });
        const line = waiting.get(caller);
        if (line) line.push(waiter);
        else waiting.set(caller, [waiter]);
        waitingCount++;
      });
    },
    waiting: () => waitingCount,
  };
}
export type FairQueue = ReturnType<typeof createFairQueue>;
