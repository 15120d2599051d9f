import type { IncidentComparison, IncidentSegment } from "@treadle/contract";
import { benjaminiHochberg, normalQuantile, wilsonInterval } from "@treadle/metrics";
import { DIMENSION_ORDER } from "./dimensions.ts";
import type { MeasurePlan } from "./measure-plan.ts";
import type { Pair, Part, Sums, ValueSums } from "./span-store.ts";
import { testSegment, testWhole, type Window2 } from "./test-change.ts";

/** The values of each dimension that are tested: the most frequent in both time ranges together. */
const MOST_TESTED = 30;
const MOST_SHOWN = 30;
/** Below this adjusted p-value, a segment changed differently from the rest. */
export const ALPHA = 0.05;
/** Segments whose pairs are tested. */
const MOST_PAIRED = 6;
/** A pair with more of the spans of one of its parts says no more than this part. */
const LARGEST_PAIR = 0.95;

const NONE: Sums = { n: 0, sum: 0, squares: 0 };
export type Tested = {
  readonly parts: readonly Part[];
  readonly sums: Window2<Sums>;
  readonly p: number | null;
  readonly isOutcome: boolean;
};
export type Whole = Window2<Sums>;

/** All spans of both time ranges. */
export const wholeOf = (now: readonly ValueSums[], before: readonly ValueSums[]): Whole => ({
  now: now.find(({ dimension }) => dimension === "") ?? NONE,
  before: before.find(({ dimension }) => dimension === "") ?? NONE,
});

/** Tests each frequent value of each dimension. */
export function testValues(plan: MeasurePlan, rows: Window2<readonly ValueSums[]>): Tested[] {
  const whole = wholeOf(rows.now, rows.before);
  return DIMENSION_ORDER.flatMap((dimension) => {
    const [now, before] = [byValue(rows.now, dimension), byValue(rows.before, dimension)];
    const values = [...new Set([...now.keys(), ...before.keys()])];
    const sized = values.map((value) => ({ value, now: now.get(value) ?? NONE, before: before.get(value) ?? NONE }));
    const frequent = sized.toSorted((a, b) => b.now.n + b.before.n - a.now.n - a.before.n).slice(0, MOST_TESTED);
    // All spans in one group: nothing is divided.
    if (sized.length < 2 && dimension !== "tag") return [];
    const isOutcome = plan.outcomes.includes(dimension);
    return frequent.map(({ value, ...sums }) =>
      testOne(plan, { parts: [{ dimension, value }], sums, isOutcome }, whole),
    );
  });
}

const byValue = (rows: readonly ValueSums[], wanted: string) =>
  new Map(rows.flatMap(({ dimension, value, ...sums }) => (dimension === wanted ? [[value, sums]] : [])));

export function testOne(plan: MeasurePlan, segment: Omit<Tested, "p">, whole: Whole): Tested {
  const { sums } = segment;
  const rest = { now: without(whole.now, sums.now), before: without(whole.before, sums.before) };
  return { ...segment, p: testSegment(plan.kind, sums, rest) };
}
const without = (whole: Sums, part: Sums): Sums => ({
  n: Math.max(0, whole.n - part.n),
  sum: Math.max(0, whole.sum - part.sum),
  squares: Math.max(0, whole.squares - part.squares),
});

/** The pairs of values that may describe the change more exactly than one value does. */
export function choosePairs(plan: MeasurePlan, tested: readonly Tested[], whole: Whole): Pair[] {
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p));
  const sign = Math.sign(changeOf(plan, whole, whole).change);
  const strong = tested
    .filter(({ isOutcome }, place) => !isOutcome && (adjusted[place] ?? 1) < ALPHA)
    .map((one) => ({ part: one.parts[0] as Part, change: changeOf(plan, one.sums, whole).change * sign }))
    .filter(({ change }) => change > 0)
    .toSorted((a, b) => b.change - a.change)
    .slice(0, MOST_PAIRED)
    .map(({ part }) => part);
  return strong.flatMap((a, place) =>
    strong.slice(place + 1).flatMap((b): Pair[] => (a.dimension === b.dimension ? [] : [inOrder(a, b)])),
  );
}
const rankOf = ({ dimension }: Part): number => DIMENSION_ORDER.indexOf(dimension);
const inOrder = (a: Part, b: Part): Pair => (rankOf(a) <= rankOf(b) ? [a, b] : [b, a]);

/** The tested pairs, without those that hold the same spans as one of their parts. */
export function testPairs(
  plan: MeasurePlan,
  {
    pairs,
    sums,
    singles,
    whole,
  }: {
    readonly pairs: readonly Pair[];
    readonly sums: readonly Window2<Sums>[];
    readonly singles: readonly Tested[];
    readonly whole: Whole;
  },
): Tested[] {
  const sizeOf = (part: Part) =>
    singles.find(({ parts: [one] }) => one?.dimension === part.dimension && one.value === part.value)?.sums.now.n ?? 0;
  return pairs.flatMap((parts, place) => {
    const own = sums[place];
    if (!own || own.now.n > LARGEST_PAIR * Math.min(...parts.map(sizeOf))) return [];
    return [testOne(plan, { parts, sums: own, isOutcome: false }, whole)];
  });
}

/**
 * The part of the change of the measure that a segment has. For rates and means, the parts of the values of one dimension
 * add up to the change: the share of the traffic times the changed value, and the changed share times the distance of the
 * value from the mean of both time ranges.
 */
export function changeOf(plan: MeasurePlan, { now, before }: Window2<Sums>, whole: Whole) {
  if (plan.kind === "total") return { change: now.sum - before.sum, rate: 0, mix: now.sum - before.sum };
  if (whole.now.n === 0 || whole.before.n === 0) return { change: 0, rate: 0, mix: 0 };
  const centre = (whole.now.sum / whole.now.n + whole.before.sum / whole.before.n) / 2;
  const [shareNow, shareBefore] = [now.n / whole.now.n, before.n / whole.before.n];
  // A value that one time range lacks did not change: only its share did.
  const meanNow = meanOf(now) ?? meanOf(before) ?? centre;
  const meanBefore = meanOf(before) ?? meanNow;
  const rate = ((shareNow + shareBefore) / 2) * (meanNow - meanBefore);
  const mix = (shareNow - shareBefore) * ((meanNow + meanBefore) / 2 - centre);
  // All spans have no other share, so their change is the change of the mean.
  return { change: rate + mix, rate, mix };
}
const meanOf = ({ n, sum }: Sums): number | null => (n === 0 ? null : sum / n);

type Range = { readonly against: IncidentComparison["against"]; readonly from: Date; readonly to: Date };

/** Puts a comparison together, with the p-values adjusted over everything that was tested. */
export function toComparison(
  plan: MeasurePlan,
  { range, whole, tested }: { readonly range: Range; readonly whole: Whole; readonly tested: readonly Tested[] },
): IncidentComparison {
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p));
  const segments = tested.map((one, place) => toSegment(plan, { one, q: adjusted[place] ?? null }, whole));
  const [now, before] = [measuredOf(plan, whole.now), measuredOf(plan, whole.before)];
  return {
    against: range.against,
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    now,
    before,
    change: now.value === null || before.value === null ? null : now.value - before.value,
    p: testWhole(plan.kind, whole),
    tested: tested.filter(({ p }) => p !== null).length,
    segments: segments.toSorted(byEvidence).slice(0, MOST_SHOWN),
  };
}

const isSignificant = ({ q }: IncidentSegment): boolean => q !== null && q < ALPHA;
const byEvidence = (a: IncidentSegment, b: IncidentSegment): number =>
  Number(isSignificant(b)) - Number(isSignificant(a)) || Math.abs(b.change) - Math.abs(a.change);

function toSegment(plan: MeasurePlan, { one, q }: { one: Tested; q: number | null }, whole: Whole): IncidentSegment {
  const shownOf = (own: Sums, all: Sums) => ({
    n: own.n,
    share: all.n === 0 ? null : own.n / all.n,
    value: plan.kind === "total" ? own.sum : meanOf(own),
  });
  return {
    parts: [...one.parts],
    now: shownOf(one.sums.now, whole.now),
    before: shownOf(one.sums.before, whole.before),
    ...changeOf(plan, one.sums, whole),
    q,
    isOutcome: one.isOutcome,
  };
}

function measuredOf(plan: MeasurePlan, sums: Sums) {
  const { n, sum } = sums;
  if (plan.kind === "total") return { n, value: sum, ...widened(sum, Math.sqrt(sums.squares)) };
  if (n === 0) return { n, value: null, lower: null, upper: null };
  if (plan.kind === "rate") {
    const [lower, upper] = wilsonInterval({ successes: Math.round(sum), n }) ?? [null, null];
    return { n, value: sum / n, lower, upper };
  }
  const variance = n < 2 ? null : Math.max(0, (sums.squares - (sum * sum) / n) / (n - 1));
  return {
    n,
    value: sum / n,
    ...(variance === null ? { lower: null, upper: null } : widened(sum / n, Math.sqrt(variance / n))),
  };
}
const Z = normalQuantile(0.975);
const widened = (value: number, spread: number) => ({ lower: value - Z * spread, upper: value + Z * spread });
