import { binomialCdf, binomialPmf, binomialQuantile } from "../distributions/binomial.ts";
import { normalQuantile } from "../distributions/normal.ts";
import { noncentralTCdf, studentTQuantile } from "../distributions/student-t.ts";
import { checkAlpha } from "./shared/checks.ts";

type Aim = {
  /** How likely the difference is found when it is there; 0.8 when left out. */
  readonly power?: number;
  readonly alpha?: number;
};
/** `sd` is the standard deviation of the items' differences, not of the scores. */
export type PairedMeans = Aim & { readonly difference: number; readonly sd: number };
/** `changed` is the share of items whose outcome differs between the runs, from `difference` to 1. */
export type PairedRates = Aim & { readonly difference: number; readonly changed: number };

const MOST_ITEMS = 100_000_000;

/** The power of the paired comparison of n numbers: a two-sided t test, from the noncentral t distribution. 0 for fewer than two. */
export function pairedMeanPower(n: number, { difference, sd, alpha = 0.05 }: PairedMeans): number {
  checkPlan({ difference, alpha });
  if (!(sd > 0)) throw new RangeError(`sd is ${sd}: give the standard deviation of the items' differences, above 0.`);
  if (!Number.isInteger(n) || n < 2) return 0;
  const critical = studentTQuantile(1 - alpha / 2, n - 1);
  const shift = (Math.abs(difference) / sd) * Math.sqrt(n);
  return 1 - noncentralTCdf(critical, n - 1, shift) + noncentralTCdf(-critical, n - 1, shift);
}

/** The fewest items with that power; null when a hundred million are too few. */
export function pairedMeanItems(plan: PairedMeans): number | null {
  return fewest((n) => pairedMeanPower(n, plan), readPower(plan));
}

/** The smallest difference that n items reveal with that power: "this set can only detect ±x". null for fewer than two. */
export function pairedMeanDetectable(n: number, { sd, ...aim }: Omit<PairedMeans, "difference">): number | null {
  if (!Number.isInteger(n) || n < 2) return null;
  return smallest((difference) => pairedMeanPower(n, { ...aim, sd, difference }), {
    most: sd * 100,
    power: readPower(aim),
  });
}

/** The power of McNemar's exact test over n items, exactly: over how many change, and how those fall. */
export function pairedRatePower(n: number, { difference, changed, alpha = 0.05 }: PairedRates): number {
  checkPlan({ difference, alpha });
  const size = Math.abs(difference);
  if (!(changed >= size && changed <= 1 && changed > 0)) {
    throw new RangeError(
      `changed is ${changed}: give the share of items that change, from the difference (${size}) to 1.`,
    );
  }
  if (!Number.isInteger(n) || n < 1) return 0;
  const better = (changed + size) / (2 * changed);
  const from = binomialQuantile(1e-13, n, changed);
  const to = binomialQuantile(1 - 1e-13, n, changed);
  let power = 0;
  // The most changes for the weaker side with which the test still rejects; grows with the number of changes.
  let most = Math.max(-1, binomialQuantile(alpha / 2, from, 0.5) - 1);
  for (let changes = from; changes <= to; changes += 1) {
    while (most + 1 < changes / 2 && 2 * binomialCdf(most + 1, changes, 0.5) < alpha) most += 1;
    const rejects = most < 0 ? 0 : binomialCdf(most, changes, 1 - better) + binomialCdf(most, changes, better);
    power += binomialPmf(changes, n, changed) * rejects;
  }
  return power;
}

/** About the fewest items with that power (the exact power goes up in teeth); null when a hundred million are too few. */
export function pairedRateItems(plan: PairedRates): number | null {
  const size = Math.abs(plan.difference);
  const z = normalQuantile(1 - (plan.alpha ?? 0.05) / 2);
  const zPower = normalQuantile(readPower(plan));
  const rough = ((z * Math.sqrt(plan.changed) + zPower * Math.sqrt(plan.changed - size * size)) / size) ** 2;
  // Beyond that many items normal and exact agree, and the exact sum is slow.
  if (rough > 20_000) return rough < MOST_ITEMS ? Math.ceil(rough) : null;
  return fewest((n) => pairedRatePower(n, plan), readPower(plan));
}

/** The smallest difference that n items reveal with that power when the share `changed` changes; null when even all one way are too few. */
export function pairedRateDetectable(n: number, { changed, ...aim }: Omit<PairedRates, "difference">): number | null {
  return smallest((difference) => pairedRatePower(n, { ...aim, changed, difference }), {
    most: changed,
    power: readPower(aim),
  });
}

function fewest(powerAt: (n: number) => number, power: number): number | null {
  let high = 2;
  while (powerAt(high) < power) {
    high *= 2;
    if (high > MOST_ITEMS) return null;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (powerAt(middle) >= power) high = middle;
    else low = middle;
  }
  return high;
}

function smallest(
  powerAt: (difference: number) => number,
  { most, power }: { most: number; power: number },
): number | null {
  if (powerAt(most) < power) return null;
  let [low, high] = [0, most];
  for (let step = 0; step < 60 && high - low > high * 1e-9; step += 1) {
    const middle = (low + high) / 2;
    if (powerAt(middle) >= power) high = middle;
    else low = middle;
  }
  return high;
}

function readPower({ power = 0.8 }: Aim): number {
  if (!(power > 0 && power < 1)) throw new RangeError(`power is ${power}: give a share between 0 and 1, such as 0.8.`);
  return power;
}

function checkPlan({ difference, alpha }: { difference: number; alpha: number }): void {
  checkAlpha(alpha);
  if (!Number.isFinite(difference) || difference === 0)
    throw new RangeError(`difference is ${difference}: give what is to be found, not 0.`);
}
