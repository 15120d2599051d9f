import { checkAlpha } from "../statistics/shared/checks.ts";
import { type Count, wilsonInterval } from "../statistics/shared/proportions.ts";

/** How many times faster than allowed the error budget is used: the bad share, divided by 1 − objective. */
export function burnRate(badShare: number, objective: number): number {
  checkObjective(objective);
  return badShare / (1 - objective);
}

/**
 * The bad share above which a burn rate is exceeded. 1 or more means that the burn rate can never be exceeded, such as 14.4
 * for an objective below 93.1 %.
 */
export function badShareAt(burn: number, objective: number): number {
  checkObjective(objective);
  return burn * (1 - objective);
}

/** Whether a share lies above a threshold for certain: the lower end of its Wilson interval does. False without requests. */
export function isShareAbove(count: Count, threshold: number, alpha = 0.05): boolean {
  return (wilsonInterval(count, alpha)?.[0] ?? 0) > threshold;
}

/** The fewest bad requests of `n` whose share lies above a threshold for certain; null if even `n` are too few. */
export function fewestBad(n: number, threshold: number, alpha = 0.05): number | null {
  checkAlpha(alpha);
  let [low, high] = [0, n + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (middle > n || isShareAbove({ successes: middle, n }, threshold, alpha)) high = middle;
    else low = middle + 1;
  }
  return low > n ? null : low;
}

function checkObjective(objective: number): void {
  if (!(objective > 0 && objective < 1))
    throw new RangeError(`objective is ${objective}: give a share between 0 and 1, such as 0.99.`);
}
