import { type Count, fisherExact, normalCdf } from "@treadle/metrics";
import type { MeasurePlan } from "./measure-plan.ts";
import type { Sums } from "./span-store.ts";

type Kind = MeasurePlan["kind"];
export type Window2<Value> = { readonly now: Value; readonly before: Value };

/** With fewer spans in both time ranges together, a value is not tested. */
const LEAST_SPANS = 8;
/** Means are compared by the normal distribution, which needs more values on each side. */
const LEAST_FOR_MEAN = 10;
/** Above this, the exact test is replaced by its approximation. */
const MOST_EXACT = 20_000;

/** The p-value that the measure is the same in both time ranges. Null if it cannot be tested. */
export function testWhole(kind: Kind, { now, before }: Window2<Sums>): number | null {
  if (kind === "rate") return testShares(toCount(now), toCount(before));
  if (kind === "mean") return testMeans(now, before);
  return testTotals(now, before);
}

/**
 * The p-value that a segment changed like the rest. It is the larger one of two tests, so both must agree: the segment
 * itself changed, and it changed differently from the rest. Null with too few spans, or if there is no rest.
 */
export function testSegment(kind: Kind, segment: Window2<Sums>, rest: Window2<Sums>): number | null {
  if (segment.now.n + segment.before.n < LEAST_SPANS) return null;
  if (kind === "total") return most(testTotals(segment.now, segment.before), testGrowth(segment, rest));
  if (segment.now.n === 0 || rest.now.n === 0) return null;
  const test = kind === "rate" ? testRate : testMeans;
  // A segment that is new is compared with all others before and now.
  if (segment.before.n === 0 || rest.before.n === 0)
    return most(test(segment.now, rest.now), test(segment.now, segment.before.n === 0 ? rest.before : segment.before));
  return most(test(segment.now, segment.before), testDifference(kind, segment, rest));
}

const most = (first: number | null, second: number | null): number | null =>
  first === null || second === null ? null : Math.max(first, second);

const toCount = ({ sum, n }: Sums): Count => ({ successes: Math.round(sum), n });
const testRate = (first: Sums, second: Sums) => testShares(toCount(first), toCount(second));
const twoSided = (z: number): number => Math.min(1, 2 * normalCdf(-Math.abs(z)));

function testShares(first: Count, second: Count): number | null {
  if (first.n === 0 || second.n === 0) return null;
  if (first.n + second.n <= MOST_EXACT) return fisherExact(first, second);
  const pooled = (first.successes + second.successes) / (first.n + second.n);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / first.n + 1 / second.n));
  return spread === 0 ? 1 : twoSided((first.successes / first.n - second.successes / second.n) / spread);
}

function testMeans(first: Sums, second: Sums): number | null {
  if (Math.min(first.n, second.n) < LEAST_FOR_MEAN) return null;
  const spread = Math.sqrt(varianceOfMean("mean", first) + varianceOfMean("mean", second));
  const difference = first.sum / first.n - second.sum / second.n;
  return spread === 0 ? (difference === 0 ? 1 : 0) : twoSided(difference / spread);
}

/** The difference of two differences: of the segment, and of the rest. */
function testDifference(kind: "rate" | "mean", segment: Window2<Sums>, rest: Window2<Sums>): number | null {
  const all = [segment.now, segment.before, rest.now, rest.before];
  if (kind === "mean" && Math.min(...all.map(({ n }) => n)) < LEAST_FOR_MEAN) return null;
  const [a, b, c, d] = all.map(({ sum, n }) => sum / n) as [number, number, number, number];
  const spread = Math.sqrt(all.reduce((sum, each) => sum + varianceOfMean(kind, each), 0));
  const difference = a - b - (c - d);
  return spread === 0 ? (difference === 0 ? 1 : 0) : twoSided(difference / spread);
}

/** Half an event more and less, so that a rate of 0 or 1 of few spans is not certain. */
function varianceOfMean(kind: "rate" | "mean", { n, sum, squares }: Sums): number {
  const mean = kind === "rate" ? (sum + 0.5) / (n + 1) : sum / n;
  if (kind === "rate") return (mean * (1 - mean)) / n;
  return Math.max(0, squares / n - mean * mean) / Math.max(1, n - 1);
}

/** Sums of independent events: their variance is about the sum of the squares. */
function testTotals(now: Sums, before: Sums): number | null {
  const spread = Math.sqrt(now.squares + before.squares);
  return spread === 0 ? null : twoSided((now.sum - before.sum) / spread);
}

/** Whether the segment's total grew by the same factor as the rest. */
function testGrowth(segment: Window2<Sums>, rest: Window2<Sums>): number | null {
  const all = [segment.now, segment.before, rest.now, rest.before];
  const [a, b, c, d] = all.map(({ sum, squares }) => Math.log(sum + unitOf(sum, squares) / 2)) as [
    number,
    number,
    number,
    number,
  ];
  if (rest.now.sum + rest.before.sum === 0) return null;
  const variance = all.reduce((sum, each) => sum + relativeVariance(each), 0);
  return twoSided((a - b - (c - d)) / Math.sqrt(variance));
}
const unitOf = (sum: number, squares: number): number => (sum > 0 ? squares / sum : 1);
function relativeVariance({ sum, squares }: Sums): number {
  const unit = unitOf(sum, squares);
  return (squares + (unit * unit) / 2) / (sum + unit / 2) ** 2;
}
