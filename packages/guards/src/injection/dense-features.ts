import type { Unit } from "./scan.ts";
import { DENSE_COUNTS } from "./unit-counts.ts";

/** Counts that say little alone become shares: of odd words, of capitals and of marks. */
const SHARES = ["oddWords", "capitalWords", "markUnits"] as const;
const SHARE_PLACES = SHARES.map((name) => DENSE_COUNTS.indexOf(name));
/** The first two counts are what shares refer to; the logarithm of the length stands in their place. */
export const DENSE_FEATURES = DENSE_COUNTS.length;

/** Counts from 4 up weigh the same: repeating a word is not a stronger attack. */
const MOST = 4;

/** Sums the counts of units; the result can be passed to `toFeatures`. */
export function sumCounts(units: readonly Unit[], target: Float32Array): void {
  target.fill(0);
  for (const { counts } of units)
    for (let place = 0; place < counts.length; place += 1) target[place] = (target[place] ?? 0) + (counts[place] ?? 0);
}

/** Turns sums of counts into features from 0 to about 1, in place. */
export function toFeatures(sums: Float32Array): void {
  const tokens = Math.max(1, sums[0] ?? 0);
  const words = Math.max(1, sums[1] ?? 0);
  for (let place = 2; place < sums.length; place += 1) {
    const count = sums[place] ?? 0;
    sums[place] = SHARE_PLACES.includes(place) ? Math.min(1, count / words) : Math.sqrt(Math.min(MOST, count) / MOST);
  }
  sums[0] = Math.min(1, Math.log2(tokens) / 12);
  sums[1] = words / tokens;
}
