import type { Leaderboard, RunScorer } from "@treadle/contract";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";
import { type Named, valuesOf } from "./compare-runs.ts";
import { isHigherBetter, pairUp, testOf, toHead } from "./paired-values.ts";

type Deps = { readonly db: Postgres; readonly statistics: Statistics };
type Work = { readonly runs: readonly Named[]; readonly scorer: RunScorer };
type Row = Leaderboard["items"][number];

const ALPHA = 0.05;

const rowOf = ({ row, experimentName }: Named, scorer: RunScorer): Row => {
  const summary = row.scores.find((one) => one.scorer === scorer.key);
  const answeredCount = row.totals.answers - row.totals.errors;
  return {
    rank: 0,
    run: toHead(row, experimentName),
    value: summary?.value ?? null,
    interval: summary?.interval ?? null,
    items: summary?.items ?? 0,
    wins: null,
    latencyMs: row.totals.latencyP50Ms,
    costUsd: row.totals.costUsd === null || answeredCount === 0 ? null : row.totals.costUsd / answeredCount,
  };
};

/** Ranks by score. A run gets a new rank only when it differs significantly from the first run of the rank before. */
export async function rankByScore(deps: Deps, { runs, scorer }: Work): Promise<Row[]> {
  const sign = scorer.output.direction === "lower" ? 1 : -1;
  const sorted = runs
    .map((named) => ({ named, row: rowOf(named, scorer) }))
    .filter(({ row }) => row.value !== null)
    .sort((a, b) => ((a.row.value ?? 0) - (b.row.value ?? 0)) * sign);
  const ranked: Row[] = [];
  let leader: { readonly named: Named; readonly rank: number } | null = null;
  for (const [at, { named, row }] of sorted.entries()) {
    if (leader === null || (await isApart(deps, { scorer, one: leader.named, other: named })))
      leader = { named, rank: at + 1 };
    ranked.push({ ...row, rank: leader.rank });
  }
  return ranked;
}

async function isApart(
  { db, statistics }: Deps,
  { scorer, one, other }: { scorer: RunScorer; one: Named; other: Named },
) {
  const pairs = pairUp(await valuesOf(db, one.row, scorer), await valuesOf(db, other.row, scorer));
  const order = { ...testOf(scorer, pairs), alpha: ALPHA };
  const [found] = await statistics.ask("compare", [order]);
  return found?.verdict === "worse";
}

/** By the items that runs win against each other, after Bradley and Terry. */
export async function rankByWins(
  { db, statistics }: Deps,
  { runs, scorer }: Work,
): Promise<{ items: Row[]; warnings: string[] }> {
  const byRun = [];
  for (const { row } of runs) byRun.push(await valuesOf(db, row, scorer));
  const itemIds = [...new Set(byRun.flatMap((values) => [...values.keys()]))].sort();
  const values = byRun.map((own) => itemIds.map((itemId) => own.get(itemId) ?? null));
  const names = runs.map(({ row }) => row.id);
  const higherIsBetter = isHigherBetter(scorer);
  const { ratings } = await statistics.ask("rank", { names, values, higherIsBetter });
  const rows = ratings.flatMap(({ name, rating, interval }, at): Row[] => {
    const place = names.indexOf(name);
    const named = runs[place];
    if (!named) return [];
    const band = interval && { low: interval[0], high: interval[1], level: 1 - ALPHA };
    return [
      {
        ...rowOf(named, scorer),
        rank: at + 1,
        value: rating,
        interval: band,
        wins: winsOf(values, place, higherIsBetter),
      },
    ];
  });
  const open = rows.filter(({ value }) => value === null).map(({ run }) => run.name);
  const warnings =
    open.length === 0
      ? []
      : [
          `${open.join(", ")}: a run that always wins or always loses has no numeric strength. Such runs are ranked by their wins.`,
        ];
  const sorted = open.length === 0 ? rows : rows.toSorted((a, b) => (b.wins ?? 0) - (a.wins ?? 0));
  return { items: withRanks(sorted), warnings };
}

/** Rows whose strength, and else whose wins, are the same share a rank; the one after them has as many before it as there are. */
function withRanks(rows: readonly Row[]): Row[] {
  const isAlike = (a: Row, b: Row) => (a.value === null ? b.value === null && a.wins === b.wins : a.value === b.value);
  const ranked: Row[] = [];
  for (const [at, row] of rows.entries()) {
    const before = ranked.at(-1);
    ranked.push({ ...row, rank: before && isAlike(before, row) ? before.rank : at + 1 });
  }
  return ranked;
}

/** Against each of the others, ties by half. */
function winsOf(values: readonly (readonly (number | null)[])[], place: number, higherIsBetter: boolean): number {
  let wins = 0;
  for (const [other, theirs] of values.entries()) {
    if (other === place) continue;
    for (const [at, value] of theirs.entries()) {
      const own = values[place]?.[at] ?? null;
      if (own === null || value === null) continue;
      wins += own === value ? 0.5 : own > value === higherIsBetter ? 1 : 0;
    }
  }
  return wins;
}
