import type { ExperimentInput, ScoreSummary } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";
import { createJudgedStore } from "../stores/judged-store.ts";
import { type Answer, createResultStore } from "../stores/result-store.ts";
import { createRunStore } from "../stores/run-store.ts";
import type { OpenRun } from "./open-experiment.ts";
import type { KeyedScorer } from "./score-answer.ts";
import { summariseRun } from "./summarise.ts";

type SummedRun = Pick<OpenRun, "runId" | "scorers" | "repeats" | "keyed">;
type Deps = {
  readonly db: Postgres;
  readonly statistics: Pick<Statistics, "ask">;
  readonly scope: Scope;
  readonly clock: Pick<Clock, "elapsed">;
  readonly runs: readonly SummedRun[];
  readonly stop: ExperimentInput["stop"] | null;
};

type Counts = { readonly answers: number; readonly errors: number };

const LEAST_MS = 1_000;
/** Counting takes at most this share of the time. */
const SHARE = 20;

/** Updates the summaries of active runs. */
export function createSummaries({ db, statistics, scope, clock, runs, stop }: Deps) {
  const scores = new Map<string, readonly ScoreSummary[]>();
  const totals = new Map<string, Counts>();
  const precisions = new Map<string, number | null>();
  let counted: Counts = { answers: 0, errors: 0 };
  let dueAt = 0;

  async function refresh(): Promise<void> {
    const startedAt = clock.elapsed();
    const counts = { answers: 0, errors: 0 };
    for (const run of runs) {
      const { precision, ...summary } = await summariseRun(db, run);
      scores.set(run.runId, summary.scores);
      totals.set(run.runId, summary.totals);
      precisions.set(run.runId, precision);
      counts.answers += summary.totals.answers;
      counts.errors += summary.totals.errors;
      await createRunStore(db).update(scope.projectId, run.runId, summary);
    }
    counted = counts;
    const now = clock.elapsed();
    dueAt = now + Math.max(LEAST_MS, SHARE * (now - startedAt));
  }

  return {
    refresh,
    counts: () => counted,
    /** For one run, from the last computation. */
    countsOf: (runId: string): Counts => totals.get(runId) ?? { answers: 0, errors: 0 },
    /** Counts answers that were written, until the next look at all of them. */
    note(answers: readonly Answer[]): void {
      const added = answers.filter(({ isStored }) => !isStored);
      const errors = added.filter(({ result }) => result.state === "error").length;
      counted = { answers: counted.answers + added.length, errors: counted.errors + errors };
    },
    async refreshIfDue(): Promise<boolean> {
      if (clock.elapsed() < dueAt) return false;
      await refresh();
      return true;
    },
    /** Whether every run's main score is as precise as requested (Chow and Robbins, 1965). */
    async isPrecise(): Promise<boolean> {
      const wanted = stop?.precision ?? null;
      if (stop === null || wanted === null) return false;
      const isNarrow = (precision: number | null) => precision !== null && precision <= wanted;
      if (!runs.every(({ runId }) => isNarrow(precisions.get(runId) ?? null))) return false;
      for (const { runId, keyed } of runs) {
        const summary = scores.get(runId)?.[0];
        if (!summary || summary.items < stop.minItems) return false;
        // A score of a whole set is another number than the mean of its items' scores.
        const whole = await withCorpus({ db, statistics }, { runId, summary, keyed: keyed[0] });
        if (whole.isCorpus && !isNarrow(whole.interval && (whole.interval.high - whole.interval.low) / 2)) return false;
      }
      return true;
    },
    /** Once more, with the scores that only all answers together have. */
    async finish(): Promise<void> {
      await refresh();
      for (const { runId, keyed } of runs) {
        const own = scores.get(runId) ?? [];
        const whole = await Promise.all(
          own.map((summary, at) => withCorpus({ db, statistics }, { runId, summary, keyed: keyed[at] })),
        );
        await createRunStore(db).update(scope.projectId, runId, { scores: whole });
      }
    },
  };
}
export type Summaries = ReturnType<typeof createSummaries>;

type Corpus = { readonly runId: string; readonly summary: ScoreSummary; readonly keyed: KeyedScorer | undefined };

const LEVEL = 0.95;

async function withCorpus(
  { db, statistics }: Pick<Deps, "db" | "statistics">,
  { runId, summary, keyed }: Corpus,
): Promise<ScoreSummary> {
  if (summary.items === 0 || !keyed) return summary;
  const described = await withDetails(db, { runId, summary, keyed });
  const { fromStats, kind, params } = keyed.scorer;
  if (!fromStats) return described;
  const byItem = new Map<string, number[]>();
  for (const { itemId, state, stats } of await createResultStore(db).listJudged(runId, summary.scorer)) {
    if (state !== "scored" || stats === null) continue;
    const own = byItem.get(itemId) ?? [];
    for (const [at, value] of stats.entries()) own[at] = (own[at] ?? 0) + value;
    byItem.set(itemId, own);
  }
  // Repeats of an item are added up before items are drawn: they are not more items.
  const rows = [...byItem.values()];
  const sums: number[] = [];
  for (const row of rows) for (const [at, value] of row.entries()) sums[at] = (sums[at] ?? 0) + value;
  const value = fromStats(sums);
  const found =
    value === null ? null : await statistics.ask("corpusInterval", { kind, params, rows, alpha: 1 - LEVEL });
  const { min, max } = keyed.scorer.output;
  const interval = found && {
    low: Math.max(found[0], min ?? -Infinity),
    high: Math.min(found[1], max ?? Infinity),
    level: LEVEL,
  };
  return { ...described, value, isCorpus: true, interval };
}

async function withDetails(db: Postgres, { runId, summary, keyed }: Corpus): Promise<ScoreSummary> {
  if (!keyed?.scorer.describe) return summary;
  const judged = await createJudgedStore(db).listScored(runId, summary.scorer);
  return { ...summary, details: keyed.scorer.describe(judged) };
}
