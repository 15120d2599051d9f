import {
  bootstrapScore,
  type Comparison,
  compareCorpus,
  comparisonInterval,
  type Interval,
  type Score,
} from "@treadle/metrics";
import type { CorpusIntervalOrder, CorpusOrder } from "./orders.ts";

/** Draws of rows that are added up, over all resamples: some seconds of work. */
const MOST_DRAWS = 50_000_000;
const [MOST_RESAMPLES, LEAST_RESAMPLES] = [10_000, 500];

/** The kinds of scorers are loaded only for metrics of a whole set. */
async function scoreOf({ kind, params }: Pick<CorpusOrder, "kind" | "params">): Promise<Score> {
  const { openKind } = await import("../../scorers/index.ts");
  const score = openKind(kind, params).kind.fromStats?.(params);
  if (!score) throw new Error(`The scorer kind "${kind}" has no score for a whole set.`);
  return (sum) => score([...sum]);
}

export async function compareSets(order: CorpusOrder): Promise<Comparison> {
  const { kind, params, ...corpora } = order;
  return compareCorpus({ ...corpora, score: await scoreOf({ kind, params }) });
}

/**
 * The interval of a metric of a whole set: its items are resampled and the set is scored again, with a fixed seed. Null
 * for fewer than two items, if all items are equal, and if the metric is missing in more than 5 % of the resamples.
 */
export async function boundSet({ kind, params, rows, alpha }: CorpusIntervalOrder): Promise<Interval | null> {
  const affordable = Math.floor(MOST_DRAWS / Math.max(1, rows.length));
  const resamples = Math.max(LEAST_RESAMPLES, Math.min(MOST_RESAMPLES, affordable));
  const drawn = bootstrapScore(rows, await scoreOf({ kind, params }), { resamples, seed: 1 });
  if (drawn === null || drawn.standardError === 0) return null;
  return comparisonInterval(drawn, alpha);
}
