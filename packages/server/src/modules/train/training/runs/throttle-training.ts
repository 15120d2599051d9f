import type { Clock } from "../../../../kernel/clock.ts";

const WINDOW_MS = 10_000;
/** In the window; an application sends far more. */
const MANY_REQUESTS = 50;

type Given = {
  readonly clock: Pick<Clock, "elapsed">;
  /** How many requests that bring something this server has begun to answer since it started. */
  readonly requestsSoFar: () => number;
  readonly most: number;
  readonly fewest: number;
};

/**
 * Leaves a core to the server while it answers many requests. A low priority alone is not enough: with every core at work the
 * system, or the host of a virtual machine, takes pieces of milliseconds from all.
 */
export function createTrainingThrottle({ clock, requestsSoFar, most, fewest }: Given) {
  let looks: { readonly at: number; readonly requests: number }[] = [];
  return {
    /** How many threads training should have now, by the requests between the looks of the last ten seconds. */
    look(): number {
      const now = { at: clock.elapsed(), requests: requestsSoFar() };
      looks = [...looks.filter(({ at }) => now.at - at <= WINDOW_MS), now];
      const [first = now] = looks;
      return now.requests - first.requests >= MANY_REQUESTS ? fewest : most;
    },
  };
}
