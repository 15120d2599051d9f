import type { PairwisePair, PairwiseResult, PairwiseRow, PositionBias } from "@treadle/contract";
import { type Comparison, correctVerdict, holm, mcnemarExact, wilsonInterval } from "@treadle/metrics";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";
import type { RunPair } from "./open-judging.ts";
import { createVerdictStore, type PairCounts } from "./verdict-store.ts";

type Deps = { readonly db: Postgres; readonly statistics: Statistics };
type Work = {
  readonly judgingId: string;
  readonly pairs: readonly RunPair[];
  readonly alpha: number;
  readonly margin: number;
  /** Ranking takes longer than all the rest, so it is left to the end. */
  readonly isRanked: boolean;
};

const NONE = { wins: 0, losses: 0, ties: 0, inconsistent: 0, same: 0, failed: 0, firstPlace: 0, secondPlace: 0 };

/** The current result of a pairwise comparison. Null before the first verdict. */
export async function summariseJudging(deps: Deps, work: Work): Promise<PairwiseResult | null> {
  const found = await createVerdictStore(deps.db).counts(work.judgingId);
  if (found.length === 0) return null;
  const counted = work.pairs.map(
    ({ base: { row: base }, head: { row: head } }): PairCounts =>
      found.find(({ baseRunId, headRunId }) => baseRunId === base.id && headRunId === head.id) ?? {
        baseRunId: base.id,
        headRunId: head.id,
        ...NONE,
      },
  );
  const orders = counted.map((counts) => orderOf(counts, work));
  const compared = await deps.statistics.ask("compare", orders);
  const adjusted = holm(compared.map(({ pValue }) => pValue));
  const pairs = counted.map((counts, at) =>
    toPair(counts, { comparison: compared[at], adjusted: adjusted[at] ?? null, ...work }),
  );
  const leaderboard = work.isRanked && work.pairs.length > 1 ? await rank(deps, work, pairs) : [];
  return { pairs, bias: biasOf(counted), leaderboard };
}

/** Items won and lost as two yes-or-no answers of one item; a tie is neither, so that McNemar's test is the sign test. */
function orderOf({ wins, losses, ties }: PairCounts, { alpha, margin }: Work) {
  const fill = (won: number, lost: number) => [
    ...new Array<number>(wins).fill(won),
    ...new Array<number>(losses).fill(lost),
    ...new Array<number>(ties).fill(0),
  ];
  return { kind: "binary" as const, base: fill(0, 1), head: fill(1, 0), alpha, margin };
}

type Judged = { readonly comparison: Comparison | undefined; readonly adjusted: number | null } & Pick<
  Work,
  "alpha" | "margin"
>;

function toPair(counts: PairCounts, { comparison, adjusted, alpha, margin }: Judged): PairwisePair {
  const { baseRunId, headRunId, wins, ties, losses, inconsistent, same, failed } = counts;
  const judged = wins + ties + losses;
  const shared = { base: baseRunId, head: headRunId, wins, ties, losses, inconsistent, same, failed };
  if (!comparison || judged === 0)
    return {
      ...shared,
      winRate: null,
      interval: null,
      pValue: null,
      adjustedPValue: null,
      verdict: "inconclusive",
      moreItems: null,
      minimumDetectableEffect: null,
    };
  const { interval, pValue, minimumDetectableEffect } = comparison;
  return {
    ...shared,
    winRate: (wins + ties / 2) / judged,
    pValue,
    adjustedPValue: adjusted,
    minimumDetectableEffect,
    interval: interval && { low: (1 + interval[0]) / 2, high: (1 + interval[1]) / 2, level: 1 - alpha },
    ...correctVerdict(comparison, adjusted, { margin, alpha, higherIsBetter: true }),
  };
}

function biasOf(counted: readonly PairCounts[]): PositionBias {
  const sum = (pick: (counts: PairCounts) => number) => counted.reduce((total, counts) => total + pick(counts), 0);
  const judged = sum(({ wins, losses, ties, same }) => wins + losses + ties - same);
  const inconsistent = sum((counts) => counts.inconsistent);
  const [firstPlace, secondPlace] = [sum((counts) => counts.firstPlace), sum((counts) => counts.secondPlace)];
  const interval = judged === 0 ? null : wilsonInterval({ successes: inconsistent, n: judged });
  return {
    judged,
    inconsistent,
    rate: judged === 0 ? null : inconsistent / judged,
    firstPlace,
    secondPlace,
    interval: interval && { low: interval[0], high: interval[1], level: 0.95 },
    pValue: firstPlace + secondPlace === 0 ? null : mcnemarExact({ baseOnly: firstPlace, headOnly: secondPlace }),
  };
}

/** By Bradley and Terry; matches of one item are drawn together, since they stand or fall with it. */
async function rank({ db, statistics }: Deps, { judgingId, pairs }: Work, counted: readonly PairwisePair[]) {
  const won = await createVerdictStore(db).listWinners(judgingId);
  const matches = won.map(({ baseRunId, headRunId, winner }) => ({
    a: headRunId,
    b: baseRunId,
    outcome: winner === "head" ? 1 : winner === "base" ? 0 : 0.5,
  }));
  const clusters = won.map(({ itemId }) => itemId);
  const { ratings } = await statistics.ask("matches", { matches, clusters });
  const ids = [...new Set(pairs.flatMap(({ base, head }) => [base.row.id, head.row.id]))];
  const rows = ids.map((runId): PairwiseRow => {
    const rated = ratings.find(({ name }) => name === runId);
    const own = counted.flatMap((pair) => {
      if (pair.head === runId) return [{ wins: pair.wins, ties: pair.ties, losses: pair.losses }];
      return pair.base === runId ? [{ wins: pair.losses, ties: pair.ties, losses: pair.wins }] : [];
    });
    const sum = (pick: (one: (typeof own)[number]) => number) => own.reduce((total, one) => total + pick(one), 0);
    return {
      rank: 0,
      runId,
      strength: rated?.rating ?? null,
      interval: rated?.interval ? { low: rated.interval[0], high: rated.interval[1], level: 0.95 } : null,
      wins: sum(({ wins }) => wins),
      ties: sum(({ ties }) => ties),
      losses: sum(({ losses }) => losses),
    };
  });
  const points = ({ wins, ties }: PairwiseRow) => wins + ties / 2;
  const worth = (row: PairwiseRow) => row.strength ?? Number.NEGATIVE_INFINITY;
  return withRanks(rows.sort((a, b) => (worth(b) === worth(a) ? points(b) - points(a) : worth(b) - worth(a))));
}

function withRanks(rows: readonly PairwiseRow[]): PairwiseRow[] {
  const isAlike = (a: PairwiseRow, b: PairwiseRow) =>
    a.strength === b.strength && (a.strength !== null || a.wins + a.ties / 2 === b.wins + b.ties / 2);
  const ranked: PairwiseRow[] = [];
  for (const [at, row] of rows.entries()) {
    const before = ranked.at(-1);
    ranked.push({ ...row, rank: before && isAlike(before, row) ? before.rank : at + 1 });
  }
  return ranked;
}
