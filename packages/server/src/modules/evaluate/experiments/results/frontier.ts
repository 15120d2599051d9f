import type { Frontier, RunScorer } from "@treadle/contract";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";
import { type Named, type Terms, valuesOf } from "./compare-runs.ts";
import { marginOf, pairUp, testOf, toHead } from "./paired-values.ts";

type Deps = { readonly db: Postgres; readonly statistics: Statistics };
type Work = Terms & { readonly runs: readonly Named[]; readonly scorer: RunScorer };
type Point = Frontier["points"][number];

/** Quality against cost: who is beaten in neither, and the cheapest that is shown not to be worse than the best by the margin. */
export async function findFrontier(deps: Deps, { runs, scorer, alpha, margin: share }: Work): Promise<Frontier> {
  const sign = scorer.output.direction === "lower" ? -1 : 1;
  const plain = runs.map(({ row, experimentName }): Point => {
    const summary = row.scores.find((one) => one.scorer === scorer.key);
    const answeredCount = row.totals.answers - row.totals.errors;
    return {
      run: toHead(row, experimentName),
      quality: summary?.value ?? null,
      interval: summary?.interval ?? null,
      items: summary?.items ?? 0,
      latencyMs: row.totals.latencyP50Ms,
      costUsd: row.totals.costUsd === null || answeredCount === 0 ? null : row.totals.costUsd / answeredCount,
      isOnFrontier: false,
      isNotWorse: null,
      differenceToBest: null,
      lowestDifference: null,
    };
  });
  const best = plain.reduce<Point | null>(
    (first, point) =>
      point.quality !== null && (first?.quality == null || (point.quality - first.quality) * sign > 0) ? point : first,
    null,
  );
  const top = runs.find(({ row }) => row.id === best?.run.runId);
  const margin = top ? marginOf(scorer, share, [...(await valuesOf(deps.db, top.row, scorer)).values()]) : 0;
  const points = [];
  for (const [at, point] of plain.entries()) {
    const own = runs[at];
    const against = top && own ? await distance(deps, { scorer, top, own, margin, alpha }) : {};
    points.push({ ...point, isOnFrontier: !plain.some((other) => beats(other, point, sign)), ...against });
  }
  const able = points.filter(({ isNotWorse, costUsd }) => isNotWorse === true && costUsd !== null);
  const cheapest = able.sort((a, b) => (a.costUsd ?? 0) - (b.costUsd ?? 0))[0] ?? null;
  return { scorer: scorer.key, margin, best: best?.run.runId ?? null, cheapest: cheapest?.run.runId ?? null, points };
}

type Distance = {
  readonly scorer: RunScorer;
  readonly top: Named;
  readonly own: Named;
  readonly margin: number;
  readonly alpha: number;
};

async function distance({ db, statistics }: Deps, { scorer, top, own, margin, alpha }: Distance) {
  if (top.row.id === own.row.id) return { isNotWorse: true, differenceToBest: 0, lowestDifference: 0 };
  const pairs = pairUp(await valuesOf(db, top.row, scorer), await valuesOf(db, own.row, scorer));
  const order = { ...testOf(scorer, pairs), margin, alpha };
  const [found] = await statistics.ask("compare", [order]);
  const interval = found?.equivalenceInterval ?? null;
  if (!found || interval === null) return { differenceToBest: found?.difference ?? null };
  const lowest = order.higherIsBetter ? interval[0] : -interval[1];
  return { isNotWorse: lowest > -margin, differenceToBest: found.difference, lowestDifference: lowest };
}

/** At least as good and as cheap, and one of the two more so. */
function beats(other: Point, point: Point, sign: 1 | -1): boolean {
  if (other.quality === null || other.costUsd === null) return false;
  if (point.quality === null || point.costUsd === null) return true;
  const [quality, cost] = [(other.quality - point.quality) * sign, point.costUsd - other.costUsd];
  return quality >= 0 && cost >= 0 && (quality > 0 || cost > 0);
}
