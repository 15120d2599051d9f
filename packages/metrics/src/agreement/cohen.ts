import { type Confusion, confusionOf } from "../classification/confusion.ts";
import type { Label } from "../classification/labels.ts";
import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { NOTHING_TO_COMPARE, type Units } from "./units.ts";

/** How far apart two labels are: as far as any other two, by their places in the order, or by the square of that. */
export type KappaWeights = "none" | "linear" | "quadratic";

export type CohenOptions = {
  readonly weights?: KappaWeights;
  /** The labels from low to high. Numbers are sorted without it; texts have no order unless one is given. */
  readonly order?: readonly Label[];
};

/**
 * Cohen's κ of exactly two raters: 1 − Σw·observed / Σw·expected, expected from what each says on average. Units that
 * one of them left out do not count. It is left open where both use one and the same label only.
 */
export function cohenKappa(units: Units, options: CohenOptions = {}): Measured {
  const { weights = "none", order } = options;
  const signature = signatureOf("cohen_kappa", { weights, order: order ? "given" : "sorted" });
  const wrong = units.findIndex((ratings) => ratings.length !== 2);
  if (wrong >= 0) {
    throw new RangeError(
      `Unit ${wrong} has places for ${units[wrong]?.length} ratings. Cohen's kappa is of two raters.`,
    );
  }
  const complete = units.filter((ratings) => !ratings.includes(null));
  const pairs = {
    actual: complete.map(([first]) => first ?? null),
    predicted: complete.map(([, second]) => second ?? null),
  };
  const confusion = confusionOf(pairs, order);
  if (weights !== "none" && !order && confusion.labels.some((label) => typeof label === "string")) {
    throw new RangeError(`Texts have no order of their own. Give the order of the labels for ${weights} weights.`);
  }
  return { ...cohenKappaOfConfusion(confusion, weights), signature };
}

/** Cohen's κ from how often each label met each, the labels of the confusion being in their order. */
export function cohenKappaOfConfusion(confusion: Confusion, weights: KappaWeights = "none"): Measured {
  const signature = signatureOf("cohen_kappa", { weights, order: "given" });
  if (confusion.total === 0) return undefinedBecause(NOTHING_TO_COMPARE, signature);
  const { observed, expected } = disagreement(confusion, DISTANCE[weights]);
  if (expected === 0) {
    return undefinedBecause(
      "Both raters use one and the same label only, so no chance is left to agree by.",
      signature,
    );
  }
  return defined(1 - observed / expected, signature);
}

const DISTANCE: Record<KappaWeights, (apart: number) => number> = {
  none: (apart) => (apart === 0 ? 0 : 1),
  linear: Math.abs,
  quadratic: (apart) => apart * apart,
};

function disagreement({ counts, total }: Confusion, distance: (apart: number) => number) {
  const rows = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = counts.map((_, column) => counts.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  let [observed, expected] = [0, 0];
  for (const [row, first] of rows.entries()) {
    for (const [column, second] of columns.entries()) {
      const weight = distance(row - column);
      observed += weight * (counts[row]?.[column] ?? 0);
      expected += weight * ((first * second) / total);
    }
  }
  return { observed, expected };
}
