import type { PairedComparison, RedTeamGroup } from "@treadle/contract";
import { correctVerdict, holm } from "@treadle/metrics";
import { countSides, type Evals, pairUp, toPaired } from "../../experiments/index.ts";
import { LEAST_ANSWERS } from "./measure-group.ts";
import type { Tried } from "./read-outcomes.ts";

const ALPHA = 0.05;
/** A difference of two percentage points does not matter. */
const MARGIN = 0.02;

export type GroupToCompare = { readonly group: RedTeamGroup; readonly tried: readonly Tried[] };
type Question = { readonly group: number; readonly arm: number; readonly isAttack: boolean };

/**
 * Adds to each group what its arms differ by on the same requests: McNemar's exact test and Newcombe's paired interval. The p-values of
 * all groups that are passed in are corrected together (Holm).
 */
export async function compareArms(ask: Evals["ask"], groups: readonly GroupToCompare[]): Promise<RedTeamGroup[]> {
  const questions = groups.flatMap(({ group }, at) =>
    group.arms
      .slice(1)
      .flatMap((_arm, place) => [true, false].map((isAttack): Question => ({ group: at, arm: place + 1, isAttack }))),
  );
  const pairs = questions.map(({ group, arm, isAttack }) => {
    const tried = (groups[group]?.tried ?? []).filter((one) => one.isAttack === isAttack);
    return pairUp(byItem(tried, 0), byItem(tried, arm));
  });
  const terms = { kind: "binary" as const, higherIsBetter: false, margin: MARGIN, alpha: ALPHA };
  const comparisons = await ask(
    "compare",
    pairs.map(({ base, head }) => ({ ...terms, base, head })),
  );
  const adjusted = holm(comparisons.map(({ pValue }) => pValue));
  const differences = comparisons.map((comparison, at): PairedComparison => {
    const own = pairs[at] ?? pairUp(new Map(), new Map());
    const adjustedPValue = adjusted[at] ?? null;
    const decided = correctVerdict(comparison, adjustedPValue, terms);
    return {
      ...toPaired({ comparison, pairs: own, margin: MARGIN }, ALPHA),
      ...countSides(own, -1),
      adjustedPValue,
      ...(comparison.n < LEAST_ANSWERS
        ? { verdict: "inconclusive", moreItems: LEAST_ANSWERS - comparison.n }
        : decided),
    };
  });
  const of = (question: Question) =>
    differences[
      questions.findIndex(
        ({ group, arm, isAttack }) =>
          group === question.group && arm === question.arm && isAttack === question.isAttack,
      )
    ] ?? null;
  return groups.map(({ group }, at) => ({
    ...group,
    arms: group.arms.map((result, arm) => ({
      ...result,
      difference: of({ group: at, arm, isAttack: true }),
      refusalDifference: of({ group: at, arm, isAttack: false }),
    })),
  }));
}

const byItem = (tried: readonly Tried[], arm: number): ReadonlyMap<string, number> =>
  new Map(
    tried.flatMap(({ itemId, results }) => {
      const value = results[arm]?.value ?? null;
      return value === null ? [] : [[itemId, value] as const];
    }),
  );
