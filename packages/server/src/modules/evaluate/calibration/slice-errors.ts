import type { CalibrationSlice } from "@treadle/contract";
import { ANY_NUMBER, fisherExact, holm } from "@treadle/metrics";
import type { CalibrationDeps } from "./deps.ts";

type Pair = { readonly distance: number; readonly facets: Readonly<Record<string, string>> };
type Group = { readonly field: string; readonly value: string; readonly inside: number[]; readonly outside: number[] };

const LEAST_PAIRS = 5;
/** A field with more values is an identifier, not a slice. */
const MOST_VALUES = 30;
const MOST_FIELDS = 30;
const ALPHA = 0.05;

/** Slices with more disagreement than elsewhere, worst first. */
export async function sliceErrors(
  { ask }: Pick<CalibrationDeps, "ask">,
  pairs: readonly Pair[],
): Promise<CalibrationSlice[]> {
  const groups = groupPairs(pairs);
  if (groups.length === 0) return [];
  const pValues = await test({ ask }, groups);
  const adjusted = holm(pValues);
  return groups
    .map(({ field, value, inside, outside }, at): CalibrationSlice => {
      const [error, otherError] = [meanOf(inside), meanOf(outside)];
      const adjustedPValue = adjusted[at] ?? null;
      const isWorse = adjustedPValue !== null && adjustedPValue < ALPHA && error > otherError;
      const pValue = pValues[at] ?? null;
      return { field, value, pairs: inside.length, error, otherError, pValue, adjustedPValue, isWorse };
    })
    .sort((a, b) => Number(b.isWorse) - Number(a.isWorse) || b.error - a.error || b.pairs - a.pairs);
}

/** Fisher's exact test for right and wrong, a test of means for distances. */
async function test(
  { ask }: Pick<CalibrationDeps, "ask">,
  groups: readonly Group[],
): Promise<readonly (number | null)[]> {
  const isRightOrWrong = groups.every(({ inside, outside }) =>
    [...inside, ...outside].every((one) => one === 0 || one === 1),
  );
  if (isRightOrWrong) return groups.map(({ inside, outside }) => fisherExact(countOf(inside), countOf(outside)));
  const groupResults = await ask(
    "groups",
    groups.map(({ inside, outside }) => ({ inside, outside, alpha: ALPHA, range: ANY_NUMBER })),
  );
  return groupResults.map((answer) => answer?.pValue ?? null);
}

const countOf = (values: readonly number[]) => ({
  successes: values.filter((one) => one === 1).length,
  n: values.length,
});

function groupPairs(pairs: readonly Pair[]): Group[] {
  const fields = [...new Set(pairs.flatMap(({ facets }) => Object.keys(facets)))].sort().slice(0, MOST_FIELDS);
  return fields.flatMap((field) => {
    const byValue = Map.groupBy(
      pairs.filter(({ facets }) => facets[field] !== undefined),
      ({ facets }) => facets[field] ?? "",
    );
    if (byValue.size > MOST_VALUES || byValue.size < 2) return [];
    return [...byValue].flatMap(([value, inside]): Group[] => {
      if (inside.length < LEAST_PAIRS) return [];
      const outside = pairs.filter(({ facets }) => facets[field] !== value);
      return [{ field, value, inside: inside.map(distanceOf), outside: outside.map(distanceOf) }];
    });
  });
}

const distanceOf = ({ distance }: Pair) => distance;
const meanOf = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
