import { type Label, sortedLabels } from "../classification/labels.ts";
import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { NOTHING_TO_COMPARE, pairable, type Units } from "./units.ts";

/** What a difference between two ratings means: any, by rank, by size, or by ratio. */
export type MeasurementLevel = "nominal" | "ordinal" | "interval" | "ratio";

export type AlphaOptions = {
  readonly level: MeasurementLevel;
  /** The labels from low to high. Numbers are sorted without it; texts need it for "ordinal". */
  readonly order?: readonly Label[];
};

/**
 * Krippendorff's α = 1 − observed / expected disagreement, from the coincidences of ratings within units. It takes any
 * number of raters and missing ratings; units with fewer than two ratings do not count. It is left open where all
 * ratings that count are the same.
 */
export function krippendorffAlpha(units: Units, { level, order }: AlphaOptions): Measured {
  const signature = signatureOf("krippendorff_alpha", { level, order: order ? "given" : "sorted" });
  const rated = pairable(units);
  const domain = domainOf(rated, level, order);
  if (rated.length === 0) return undefinedBecause(NOTHING_TO_COMPARE, signature);
  const counts = countsOf(rated, domain);
  const distance = DISTANCES[level](domain, counts.total);
  const expected = expectedDisagreement(counts.total, distance);
  if (expected === 0) {
    return undefinedBecause("All ratings are the same, so no chance is left to agree by.", signature);
  }
  return defined(1 - observedDisagreement(counts.units, distance) / expected, signature);
}

/** How often each value, by its place in the domain, was given: in each unit, and in all. */
type Counts = { readonly units: readonly ReadonlyMap<number, number>[]; readonly total: Float64Array };

type Distance = (a: number, b: number) => number;

/** The disagreement of two values by their places in the domain. `totals` is how often each was given. */
const DISTANCES: Record<MeasurementLevel, (domain: readonly Label[], totals: Float64Array) => Distance> = {
  nominal: () => (a, b) => (a === b ? 0 : 1),
  ordinal: (_, totals) => {
    const upTo = new Float64Array(totals.length + 1);
    for (const [at, count] of totals.entries()) upTo[at + 1] = (upTo[at] ?? 0) + count;
    return (a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const between = (upTo[high + 1] ?? 0) - (upTo[low] ?? 0);
      return (between - ((totals[low] ?? 0) + (totals[high] ?? 0)) / 2) ** 2;
    };
  },
  interval: (domain) => {
    const values = Float64Array.from(domain, Number);
    return (a, b) => ((values[a] ?? 0) - (values[b] ?? 0)) ** 2;
  },
  ratio: (domain) => {
    const values = Float64Array.from(domain, Number);
    return (a, b) => {
      const sum = (values[a] ?? 0) + (values[b] ?? 0);
      return sum === 0 ? 0 : (((values[a] ?? 0) - (values[b] ?? 0)) / sum) ** 2;
    };
  },
};

function domainOf(
  rated: readonly (readonly Label[])[],
  level: MeasurementLevel,
  order?: readonly Label[],
): readonly Label[] {
  const labels = sortedLabels(rated.flat());
  const hasText = labels.some((label) => typeof label === "string");
  if (hasText && (level === "interval" || level === "ratio")) {
    throw new RangeError(`The level "${level}" is of numbers, and there are texts. Take "nominal" or "ordinal".`);
  }
  if (hasText && level === "ordinal" && !order) {
    throw new RangeError(`Texts have no order of their own. Give the order of the labels for the level "ordinal".`);
  }
  if (!order) return labels;
  const unknown = labels.find((label) => !order.includes(label));
  if (unknown !== undefined) throw new RangeError(`The label ${JSON.stringify(unknown)} is not in the order given.`);
  return order;
}

function countsOf(rated: readonly (readonly Label[])[], domain: readonly Label[]): Counts {
  const place = new Map(domain.map((label, at) => [label, at]));
  const total = new Float64Array(domain.length);
  const units = rated.map((ratings) => {
    const counts = new Map<number, number>();
    for (const rating of ratings) {
      const at = place.get(rating) ?? 0;
      counts.set(at, (counts.get(at) ?? 0) + 1);
      total[at] = (total[at] ?? 0) + 1;
    }
    return counts;
  });
  return { units, total };
}

function observedDisagreement(units: readonly ReadonlyMap<number, number>[], distance: Distance): number {
  let sum = 0;
  for (const counts of units) {
    const raters = Array.from(counts.values()).reduce((all, count) => all + count, 0);
    let within = 0;
    for (const [a, countA] of counts) for (const [b, countB] of counts) within += countA * countB * distance(a, b);
    sum += within / (raters - 1);
  }
  return sum;
}

function expectedDisagreement(totals: Float64Array, distance: Distance): number {
  const all = totals.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  for (const [a, countA] of totals.entries()) {
    for (let b = 0; b < a; b += 1) sum += 2 * countA * (totals[b] ?? 0) * distance(a, b);
  }
  return sum / (all - 1);
}
