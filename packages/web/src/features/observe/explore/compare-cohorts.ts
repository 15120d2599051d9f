/** How many of how many. */
type Share = { readonly count: number; readonly of: number };
export type Interval = { readonly low: number; readonly high: number };
export type Verdict = "better" | "worse" | "no difference found" | "not enough data";

/** Two-sided 95%. */
const Z = 1.959964;
/** Fewer spans than this say nothing about a share. */
const FEWEST = 30;

/** Wilson's interval of a share. */
function wilson({ count, of }: Share): Interval & { share: number } {
  const share = count / of;
  const middle = share + Z ** 2 / (2 * of);
  const half = Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  const scale = 1 + Z ** 2 / of;
  return { share, low: (middle - half) / scale, high: (middle + half) / scale };
}

/** Newcombe's interval of the difference of two independent shares, `b - a`, or null where one has nothing to count. */
export function differenceOf(a: Share, b: Share): Interval | null {
  if (a.of === 0 || b.of === 0) return null;
  const [one, two] = [wilson(a), wilson(b)];
  const middle = two.share - one.share;
  return {
    low: middle - Math.hypot(two.share - two.low, one.high - one.share),
    high: middle + Math.hypot(two.high - two.share, one.share - one.low),
  };
}

/** Whether failures became fewer from `a` to `b`, as far as the counts can say. */
export function verdictOf(a: Share, b: Share): Verdict {
  const interval = differenceOf(a, b);
  if (!interval || a.of < FEWEST || b.of < FEWEST) return "not enough data";
  if (interval.high < 0) return "better";
  return interval.low > 0 ? "worse" : "no difference found";
}
