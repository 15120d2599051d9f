import type { Endpoint, EndpointFrontier, FrontierVariant } from "@treadle/contract";
import { alwaysValid, type Peek, twoArmSequence } from "@treadle/metrics";
import { type ArmCounts, NO_COUNTS } from "../comparisons/index.ts";

/** A variant's counts by day. */
export type Days = ReadonlyMap<string, ArmCounts>;
export type VariantData = {
  readonly cost: Days;
  readonly quality: Days;
  /** Over all days. */
  readonly units: number;
};

export type Wanted = {
  readonly isRate: boolean;
  /** 1 if higher values are better, −1 if lower ones are. */
  readonly sign: 1 | -1;
  readonly margin: number;
  readonly alpha: number;
};

type Variants = Pick<Endpoint, "variants">["variants"];
const NO_DAYS: VariantData = { cost: new Map(), quality: new Map(), units: 0 };

/** The variant that answers most: with the lowest priority number, then the most weight. */
export const currentOf = (variants: Variants): string =>
  variants.toSorted(
    (one, other) =>
      Number(other.weight > 0) - Number(one.weight > 0) || one.priority - other.priority || other.weight - one.weight,
  )[0]?.name ?? "";

/** Cost and quality of each variant, the frontier, and the cheapest variant that is not worse. */
export function buildFrontier(
  variants: Variants,
  data: ReadonlyMap<string, VariantData>,
  wanted: Wanted,
): Pick<EndpointFrontier, "variants" | "cheapestNotWorse"> {
  const current = currentOf(variants);
  const described = variants.map(({ name, weight }) => {
    const own = data.get(name) ?? NO_DAYS;
    return {
      variant: name,
      isCurrent: name === current,
      isServed: weight > 0,
      cost: estimate(own.cost, own.units, { isRate: false, alpha: wanted.alpha }),
      quality: estimate(own.quality, own.units, wanted),
      ...compare(name === current ? null : own, data.get(current) ?? NO_DAYS, wanted),
    };
  });
  const marked = described.map((one) => ({ ...one, isOnFrontier: isOnFrontier(one, described, wanted.sign) }));
  return { variants: marked, cheapestNotWorse: cheapestOf(marked) };
}

function addUp(days: Days): ArmCounts {
  return [...days.values()].reduce(
    (all, { units, sum, squares, flagged, missing }) => ({
      units: all.units + units,
      sum: all.sum + sum,
      squares: all.squares + squares,
      flagged: all.flagged + flagged,
      missing: all.missing + missing,
    }),
    NO_COUNTS,
  );
}

/** The variance of one unit. Rates get one more unit at each end of the scale, so that a rare event has some. */
function varianceOf({ units, sum, squares }: Pick<ArmCounts, "units" | "sum" | "squares">, isRate: boolean): number {
  const [n, total, square] = isRate ? [units + 2, sum + 1, squares + 1] : [units, sum, squares];
  return n < 2 ? 0 : Math.max(0, (square - (total * total) / n) / (n - 1));
}

/**
 * The days of one unit resemble each other. In the worst case they say no more than one day does, and the variance grows
 * by the number of days per unit.
 */
const daysPerUnit = (unitDays: number, units: number): number => Math.max(1, unitDays / Math.max(1, units));

function estimate(days: Days, units: number, { isRate, alpha }: Pick<Wanted, "isRate" | "alpha">) {
  const counts = addUp(days);
  if (counts.units === 0) return { units: 0, mean: null, lowerBound: null, upperBound: null };
  const mean = counts.sum / counts.units;
  const n = Math.min(units, counts.units);
  const variance = varianceOf(counts, isRate);
  const peek = alwaysValid({ n, mean, variance }, { alpha });
  if (!peek) return { units: n, mean, lowerBound: null, upperBound: null };
  const [lowerBound, upperBound] = peek.interval;
  if (!isRate) return { units: n, mean, lowerBound, upperBound };
  return { units: n, mean, lowerBound: Math.max(0, lowerBound), upperBound: Math.min(1, upperBound) };
}

type Compared = Pick<FrontierVariant, "isNotWorse" | "qualityHarm" | "daysTogether">;

function compare(own: VariantData | null, current: VariantData, wanted: Wanted): Compared {
  if (own === null) return { isNotWorse: null, qualityHarm: null, daysTogether: 0 };
  const together = [...own.quality].flatMap(([day, counts]) => {
    const other = current.quality.get(day);
    return counts.units > 0 && other && other.units > 0 ? [{ own: counts, other }] : [];
  });
  const found = harmByDay(together, daysPerUnitOf(own, current), wanted);
  if (!found) return { isNotWorse: false, qualityHarm: null, daysTogether: together.length };
  const { difference, peek } = found;
  const [lowerBound, upperBound] = peek.interval;
  return {
    isNotWorse: upperBound < wanted.margin,
    qualityHarm: { harm: difference, lowerBound, upperBound },
    daysTogether: together.length,
  };
}

const daysPerUnitOf = (...all: readonly VariantData[]): number =>
  Math.max(...all.map(({ quality, units }) => daysPerUnit(addUp(quality).units, units)));

const LEAST_UNITS = 100;
type Day = { readonly own: ArmCounts; readonly other: ArmCounts };

/** The difference within days, each weighted by what it can tell, so that a change from day to day is not a difference. */
function harmByDay(
  days: readonly Day[],
  inflation: number,
  { isRate, sign, alpha }: Wanted,
): { difference: number; peek: Peek } | null {
  const unitsOf = (arm: keyof Day) => days.reduce((sum, day) => sum + day[arm].units, 0) / inflation;
  if (Math.min(unitsOf("own"), unitsOf("other")) < LEAST_UNITS) return null;
  const weights = days.map(({ own, other }) => (own.units * other.units) / (own.units + other.units));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const difference = days.reduce((sum, { own, other }, place) => {
    const step = other.sum / other.units - own.sum / own.units;
    return sum + ((weights[place] ?? 0) / total) * sign * step;
  }, 0);
  const both = addUp(
    new Map(
      days.flatMap(({ own, other }, place) => [
        [`${place}`, own],
        [`${place}'`, other],
      ]),
    ),
  );
  const standardError = Math.sqrt((varianceOf(both, isRate) * inflation) / total);
  const n = Math.floor(unitsOf("own") + unitsOf("other"));
  const peek = twoArmSequence({ n, difference, standardError }, { alpha });
  return peek && { difference, peek };
}

type Priced = Pick<FrontierVariant, "variant" | "cost" | "quality">;

/** No other variant costs no more and is no worse, unless both are the same. */
function isOnFrontier({ cost, quality }: Priced, all: readonly Priced[], sign: 1 | -1): boolean {
  if (cost.mean === null || quality.mean === null) return false;
  const [price, value] = [cost.mean, sign * quality.mean];
  return !all.some(({ cost: { mean: otherCost }, quality: { mean: otherQuality } }) => {
    if (otherCost === null || otherQuality === null) return false;
    const other = sign * otherQuality;
    return otherCost <= price && other >= value && (otherCost < price || other > value);
  });
}

function cheapestOf(all: readonly FrontierVariant[]): string | null {
  const current = all.find(({ isCurrent }) => isCurrent)?.cost.mean ?? null;
  if (current === null) return null;
  const cheaper = all.filter(
    ({ isNotWorse, cost }) => isNotWorse === true && cost.mean !== null && cost.mean < current,
  );
  const [first] = cheaper.toSorted((one, other) => (one.cost.mean ?? 0) - (other.cost.mean ?? 0));
  return first?.variant ?? null;
}
