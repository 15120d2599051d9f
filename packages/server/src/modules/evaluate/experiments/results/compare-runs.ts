import type {
  HeadComparison,
  MeasureComparison,
  PairedComparison,
  RunComparison,
  RunScorer,
  ScorerComparison,
} from "@treadle/contract";
import { type Comparison, correctVerdict, holm } from "@treadle/metrics";
import type { Scope } from "../../../../kernel/scope.ts";
import type { BoundScorer, EvalDeps } from "../run/deps.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";
import { createResultStore } from "../stores/result-store.ts";
import type { RunRow } from "../stores/run-store.ts";
import { createValueStore } from "../stores/summary-store.ts";
import { type ByItem, isHigherBetter, marginOf, type Pairs, pairUp, testOf, toHead } from "./paired-values.ts";

export type CompareDeps = Pick<EvalDeps, "db" | "scorers"> & { readonly statistics: Statistics };
export type Named = { readonly row: RunRow; readonly experimentName: string | null };
export type Terms = { readonly alpha: number; readonly margin: number };
export type Compared = { readonly comparison: Comparison; readonly pairs: Pairs; readonly margin: number };

/** Rank tests take the square of the pairs in time; beyond these, means of so many are as good. */
const MOST_RANKED = 2_000;
const NO_PAIRS: Pairs = { itemIds: [], base: [], head: [], leftOut: 0 };

/** Each head against the base, over the items that both have; p-values are adjusted over all scores and heads together. */
export async function compareAll(
  deps: CompareDeps,
  scope: Scope,
  { base, heads, ...terms }: Terms & { readonly base: Named; readonly heads: readonly Named[] },
): Promise<RunComparison> {
  const compared = [];
  for (const head of heads) compared.push(await compareOne(deps, scope, { base, head, ...terms }));
  const adjusted = holm(compared.flatMap(({ scores }) => scores.map(({ found }) => found.comparison.pValue)));
  let at = 0;
  return {
    base: toHead(base.row, base.experimentName),
    alpha: terms.alpha,
    heads: compared.map(
      ({ scores, rest }): HeadComparison => ({
        ...rest,
        scorers: scores.map(({ scorer, isSameScorer, found }) =>
          toScorerComparison({ scorer, isSameScorer, found }, { adjusted: adjusted[at++] ?? null, alpha: terms.alpha }),
        ),
      }),
    ),
  };
}

type Two = Terms & { readonly base: Named; readonly head: Named };

async function compareOne(deps: CompareDeps, scope: Scope, { base, head, ...terms }: Two) {
  const bound = await bindCorpus(deps, scope, base.row);
  const scores = [];
  for (const scorer of base.row.scorers) {
    const other = head.row.scorers.find(({ key }) => key === scorer.key);
    if (!other) continue;
    const isSameScorer = other.signature === scorer.signature;
    const corpus = bound.get(scorer.key);
    const comparison = await compareScore(deps, { base: base.row, head: head.row, scorer, corpus, ...terms });
    scores.push({ scorer, isSameScorer, found: comparison });
  }
  const measures = await compareMeasures(deps, { base: base.row, head: head.row, ...terms });
  const rest = {
    run: toHead(head.row, head.experimentName),
    ...measures,
    errorsBase: base.row.totals.errors,
    errorsHead: head.row.totals.errors,
    warnings: warningsOf(base.row, head.row),
  };
  return { scores, rest };
}

type ScoreWork = Terms & {
  readonly base: RunRow;
  readonly head: RunRow;
  readonly scorer: RunScorer;
  /** The items to include. All by default. */
  readonly isIn?: (itemId: string) => boolean;
};
/** A score of two runs, with the scorer when it is one of a whole set. */
export type ScorePair = ScoreWork & { readonly corpus: BoundScorer | undefined };

/** Compares one score of two runs. */
export const compareScore = (deps: CompareDeps, { corpus, ...work }: ScorePair): Promise<Compared> =>
  corpus ? compareSets(deps, { ...work, corpus }) : compareScores(deps, work);

async function compareScores({ db, statistics }: CompareDeps, work: ScoreWork): Promise<Compared> {
  const { base, head, scorer, alpha, margin: share } = work;
  const pairs = pairUp(await valuesOf(db, base, scorer), await valuesOf(db, head, scorer), work.isIn);
  const margin = marginOf(scorer, share, pairs.base);
  const order = { ...testOf(scorer, pairs), margin, alpha };
  const [comparison] = await statistics.ask("compare", [order]);
  if (!comparison) throw new Error("A comparison has an answer.");
  return { comparison, pairs, margin };
}

/** For scores of a whole set: resamples the items and computes the score of the whole set again. */
async function compareSets(
  { db, statistics }: CompareDeps,
  work: ScoreWork & { corpus: BoundScorer },
): Promise<Compared> {
  const { base, head, scorer, corpus, alpha, margin: share } = work;
  const [own, other] = [await statsOf(db, base, scorer), await statsOf(db, head, scorer)];
  const { isIn = () => true } = work;
  const itemIds = [...own.keys()].filter((itemId) => other.has(itemId) && isIn(itemId)).sort();
  const rows = { base: itemIds.map((id) => own.get(id) ?? []), head: itemIds.map((id) => other.get(id) ?? []) };
  const whole = base.scores.find((summary) => summary.scorer === scorer.key)?.value ?? 0;
  const margin = marginOf(scorer, share, [whole]);
  const { kind, params } = corpus;
  const higherIsBetter = isHigherBetter(scorer);
  const comparison = await statistics.ask("corpus", { kind, params, ...rows, margin, alpha, higherIsBetter });
  return { comparison, margin, pairs: { ...NO_PAIRS, itemIds, leftOut: own.size + other.size - 2 * itemIds.length } };
}

export async function valuesOf(db: EvalDeps["db"], run: RunRow, { key }: Pick<RunScorer, "key">): Promise<ByItem> {
  const rows = await createValueStore(db).values(run.id, key);
  return new Map(rows.map(({ itemId, value }) => [itemId, value]));
}

/** The statistics of each item, summed over its repeats. */
export async function statsOf(
  db: EvalDeps["db"],
  run: RunRow,
  { key }: RunScorer,
): Promise<ReadonlyMap<string, number[]>> {
  const byItem = new Map<string, number[]>();
  for (const { itemId, state, stats } of await createResultStore(db).listJudged(run.id, key)) {
    if (state !== "scored" || stats === null) continue;
    const sums = byItem.get(itemId) ?? [];
    for (const [at, value] of stats.entries()) sums[at] = (sums[at] ?? 0) + value;
    byItem.set(itemId, sums);
  }
  return byItem;
}

/** The scorers of a run that score a whole set; opened only when there are any. */
export async function bindCorpus(
  { scorers }: CompareDeps,
  scope: Scope,
  run: RunRow,
): Promise<ReadonlyMap<string, BoundScorer>> {
  if (!run.scores.some(({ isCorpus }) => isCorpus)) return new Map();
  const bound = await scorers.bind(scope, run.scorerRefs);
  return new Map(
    bound.flatMap((scorer, at) => {
      const key = run.scorers[at]?.key;
      return key !== undefined && scorer.fromStats !== null ? [[key, scorer] as const] : [];
    }),
  );
}

async function compareMeasures(
  { db, statistics }: CompareDeps,
  { base, head, alpha, margin: share }: Terms & { base: RunRow; head: RunRow },
) {
  const [own, other] = [await createValueStore(db).measures(base.id), await createValueStore(db).measures(head.id)];
  const ids = new Set(own.map(({ itemId }) => itemId));
  const shared = other.filter(({ itemId }) => ids.has(itemId)).length;
  const compare = async (field: "costUsd" | "latencyMs"): Promise<MeasureComparison> => {
    const pick = (rows: typeof own): ByItem =>
      new Map(rows.flatMap((row) => (row[field] === null ? [] : [[row.itemId, row[field]] as const])));
    const pairs = pairUp(pick(own), pick(other));
    const margin = marginOf(
      { output: { type: "number", min: null, max: null, direction: "lower", unit: "" } },
      share,
      pairs.base,
    );
    const test = pairs.itemIds.length <= MOST_RANKED ? ("wilcoxon" as const) : ("automatic" as const);
    const order = {
      kind: "number" as const,
      higherIsBetter: false,
      base: pairs.base,
      head: pairs.head,
      margin,
      alpha,
      test,
    };
    const [comparison] = await statistics.ask("compare", [order]);
    if (!comparison) throw new Error("A comparison has an answer.");
    const paired = toPaired({ comparison, pairs, margin }, alpha);
    const sides = countSides(pairs, -1);
    // For example models without cost: no number of items would show a difference.
    const isNothing = sides.better + sides.worse === 0;
    return {
      ...paired,
      adjustedPValue: comparison.pValue,
      ...sides,
      ...(isNothing && { verdict: null, moreItems: null }),
    };
  };
  return {
    costUsd: await compare("costUsd"),
    latencyMs: await compare("latencyMs"),
    shared,
    onlyBase: own.length - shared,
    onlyHead: other.length - shared,
  };
}

export function countSides({ base, head }: Pairs, sign: 1 | -1): { better: number; worse: number } {
  const changes = base.map((value, at) => ((head[at] ?? 0) - value) * sign);
  return { better: changes.filter((one) => one > 0).length, worse: changes.filter((one) => one < 0).length };
}

export function toPaired(
  { comparison, pairs, margin }: Compared,
  alpha: number,
): Omit<PairedComparison, "better" | "worse"> {
  const { n, meanBase, meanHead, difference, interval, pValue, test, effectSize } = comparison;
  return {
    items: n,
    leftOut: pairs.leftOut,
    meanBase,
    meanHead,
    difference,
    pValue,
    adjustedPValue: null,
    effectSize,
    interval: interval && { low: interval[0], high: interval[1], level: 1 - alpha },
    test: pValue === null ? "" : test,
    minimumDetectableEffect: comparison.minimumDetectableEffect,
    margin,
    verdict: comparison.verdict,
    moreItems: comparison.moreItems,
  };
}

type Scored = { readonly scorer: RunScorer; readonly isSameScorer: boolean; readonly found: Compared };

/** The word that the adjusted p-value allows; none where the two were not scored alike, or no way is better. */
function toScorerComparison(
  { scorer, isSameScorer, found }: Scored,
  { adjusted, alpha }: { adjusted: number | null; alpha: number },
): ScorerComparison {
  const { key, name, output } = scorer;
  const { comparison, margin } = found;
  const higherIsBetter = output.direction !== "lower";
  const { verdict: word, moreItems } = correctVerdict(comparison, adjusted, { margin, alpha, higherIsBetter });
  const isDecided = isSameScorer && (output.direction !== "none" || word === "equivalent");
  return {
    scorer: key,
    name,
    direction: output.direction,
    isSameScorer,
    ...toPaired(found, alpha),
    adjustedPValue: adjusted,
    verdict: isDecided ? word : "inconclusive",
    moreItems,
    ...countSides(found.pairs, higherIsBetter ? 1 : -1),
  };
}

function warningsOf(base: RunRow, head: RunRow): string[] {
  const isOther = base.root !== null && head.root !== null && base.root !== head.root;
  const changed = base.scorers.filter(({ key, signature }) =>
    head.scorers.some((one) => one.key === key && one.signature !== signature),
  );
  const lacking = base.scorers.filter(({ key }) => !head.scorers.some((one) => one.key === key));
  const names = (scorers: readonly RunScorer[]) => scorers.map(({ key }) => `"${key}"`).join(", ");
  return [
    isOther ? "The runs answered different versions of a dataset. Only items with the same id are compared." : "",
    changed.length > 0
      ? `${names(changed)}: the scorer differs from the base run's scorer, so there is no verdict.`
      : "",
    lacking.length > 0 ? `${names(lacking)}: the run has no such score.` : "",
    base.status !== "done" || head.status !== "done" ? "Some answers are still missing." : "",
    ...[base, head].map(({ name, scoring }) =>
      scoring?.stopped && scoring.stopped !== "finished"
        ? `Not all answers of "${name}" are scored, because the budget of its scorers was used up.`
        : "",
    ),
  ].filter((words) => words !== "");
}
