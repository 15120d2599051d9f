import {
  type ChangedQuestion,
  COMPARED_MEASURES,
  type ComparedMeasure,
  type RetrievalDifference,
} from "@treadle/contract";
import { type Comparison, compareRuns, correctVerdict, holm } from "@treadle/metrics";
import type { ResultRow } from "../stores/run-store.ts";

export type Demand = { readonly margin: number };
type Pair = { readonly base: ResultRow["result"]; readonly head: ResultRow["result"] };
export type Paired = { readonly pairs: readonly Pair[]; readonly leftOut: number };

const ALPHA = 0.05;
const MOST_CHANGED = 50;

/** The questions that both runs measured by the same judgements. */
export function pairResults(base: readonly ResultRow[], head: readonly ResultRow[]): Paired {
  const bases = new Map(base.map((row) => [row.questionId, row]));
  const pairs = head.flatMap((row): Pair[] => {
    const other = bases.get(row.questionId);
    const isPair =
      other?.judgementHash === row.judgementHash && other.result.error === null && row.result.error === null;
    return isPair ? [{ base: other.result, head: row.result }] : [];
  });
  const questions = new Set([...bases.keys(), ...head.map(({ questionId }) => questionId)]);
  return { pairs, leftOut: questions.size - pairs.length };
}

/** The paired comparison of one measure, over the questions that have it in both runs. */
export function compareMeasure({ pairs }: Paired, measure: ComparedMeasure, { margin }: Demand): Comparison {
  const values = pairs.flatMap(({ base, head }) => {
    const [before, after] = [base[measure], head[measure]];
    return before === null || after === null ? [] : [[before, after] as const];
  });
  return compareRuns({
    kind: measure === "hit1" ? "binary" : "number",
    base: values.map(([before]) => before),
    head: values.map(([, after]) => after),
    bounds: [0, 1],
    margin,
    alpha: ALPHA,
  });
}

/** All measures of two runs, corrected for their number. */
export function compareMeasures(paired: Paired, demand: Demand): RetrievalDifference[] {
  const comparisons = COMPARED_MEASURES.map((measure) => ({
    measure,
    comparison: compareMeasure(paired, measure, demand),
  }));
  return correctAll(comparisons, demand);
}

type Measured = { readonly measure: ComparedMeasure; readonly comparison: Comparison };

/** Verdicts by p-values that are corrected over all comparisons of the list. */
export function correctAll(list: readonly Measured[], { margin }: Demand): RetrievalDifference[] {
  const adjusted = holm(list.map(({ comparison }) => comparison.pValue));
  return list.map(({ measure, comparison }, at) => {
    const adjustedPValue = adjusted[at] ?? null;
    const demand = { margin, alpha: ALPHA, higherIsBetter: true };
    const { verdict, moreItems } = correctVerdict(comparison, adjustedPValue, demand);
    const { n, meanBase, meanHead, difference, interval, pValue } = comparison;
    return {
      measure,
      questions: n,
      base: meanBase,
      head: meanHead,
      difference,
      interval: interval && { low: interval[0], high: interval[1], level: 1 - ALPHA },
      pValue,
      adjustedPValue,
      verdict,
      moreQuestions: moreItems,
    };
  });
}

/** The questions that changed most in either direction. Equal ones are left out. */
export function listChanged({ pairs }: Paired, measure: ComparedMeasure): ChangedQuestion[] {
  return pairs
    .flatMap(({ base, head }) => {
      const [before, after] = [base[measure], head[measure]];
      if (before === null || after === null || before === after) return [];
      const { questionId, question } = head;
      return [{ questionId, question, base: before, head: after, difference: after - before }];
    })
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
    .slice(0, MOST_CHANGED);
}
