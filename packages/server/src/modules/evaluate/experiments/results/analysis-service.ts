import type { ExperimentInput, ExperimentPlanInput, RunComparison, RunScorer } from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { wholeList } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalDeps } from "../run/deps.ts";
import { estimateExperiment } from "../start/estimate-experiment.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";
import { createExperimentStore } from "../stores/experiment-store.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { compareAll, type Named, type Terms } from "./compare-runs.ts";
import { findFrontier } from "./frontier.ts";
import { rankByScore, rankByWins } from "./leaderboard.ts";
import { planExperiment } from "./plan-experiment.ts";
import { scorerOf } from "./run-items.ts";
import { sliceRun } from "./slices.ts";

type Deps = EvalDeps & { readonly statistics: Statistics; find(scope: Scope, runId: string): Promise<RunRow> };

const MOST_RUNS = 20;
const MOST_KEPT = 50;

/** Comparisons, slices and rankings of runs. */
export function createAnalysis(deps: Deps) {
  const { db, find } = deps;
  const comparisons = new Map<string, RunComparison>();

  const { named, listNamed, newestOf } = createFinders(deps);

  return {
    named,
    estimate: (scope: Scope, input: ExperimentInput, signal: AbortSignal) =>
      estimateExperiment(deps, scope, { input, signal }),
    plan: (scope: Scope, input: ExperimentPlanInput) => planExperiment({ db, find }, scope, input),

    async compare(
      scope: Scope,
      { base: baseId, heads: ids, ...terms }: Terms & { base: string; heads: string },
    ): Promise<RunComparison> {
      const base = await named(scope, baseId);
      const heads = await listNamed(scope, ids, "heads");
      // Finished runs never change, and pages request them repeatedly.
      const key = JSON.stringify([
        scope.projectId,
        terms,
        [base, ...heads].map(({ row }) => [row.id, row.status, row.totals, row.scores]),
      ]);
      const known = comparisons.get(key);
      if (known) return known;
      const comparison = await compareAll(deps, scope, { base, heads, ...terms });
      comparisons.set(key, comparison);
      for (const old of comparisons.keys()) if (comparisons.size > MOST_KEPT) comparisons.delete(old);
      return comparison;
    },

    async slices(
      scope: Scope,
      runId: string,
      {
        base,
        scorer,
        field,
        ...terms
      }: Terms & { base?: string | undefined; scorer?: string | undefined; field?: string | undefined },
    ) {
      const run = await find(scope, runId);
      const other = base === undefined ? null : await find(scope, base);
      return sliceRun(deps, { run, base: other, scorer: mainOf(run, scorer), field, ...terms });
    },

    async frontier(
      scope: Scope,
      { runs: ids, scorer, ...terms }: Terms & { runs: string; scorer?: string | undefined },
    ) {
      const runs = await listNamed(scope, ids, "runs");
      return findFrontier(deps, { runs, scorer: sharedOf(runs, scorer), ...terms });
    },

    async leaderboard(
      scope: Scope,
      {
        runs: ids,
        datasetId,
        scorer: key,
        by,
      }: {
        runs?: string | undefined;
        datasetId?: string | undefined;
        scorer?: string | undefined;
        by: "score" | "pairwise";
      },
    ) {
      const runs = ids === undefined ? await newestOf(scope, datasetId) : await listNamed(scope, ids, "runs");
      const scorer = sharedOf(runs, key);
      const able = runs.filter(({ row }) => row.scorers.some((one) => one.key === scorer.key));
      const left = able.length < runs.length ? [lackingOf(runs.length - able.length, scorer.key)] : [];
      const { items, warnings } =
        by === "score"
          ? { items: await rankByScore(deps, { runs: able, scorer }), warnings: [] }
          : await rankByWins(deps, { runs: able, scorer });
      return { ...wholeList(items), scorer: scorer.key, by, warnings: [...left, ...warnings] };
    },
  };
}
export type Analysis = ReturnType<typeof createAnalysis>;

const lackingOf = (runs: number, score: string) => `${countOf(runs, "run has", "runs have")} no score "${score}".`;

function mainOf(run: RunRow, key: string | undefined): RunScorer {
  const scorer = scorerOf(run, key);
  if (scorer) return scorer;
  throw new AppError("unprocessable", { message: `The run ${run.id} has no scores.`, details: { runId: run.id } });
}

/** A score that one of the runs has; of the others, those that lack it have no value. */
function sharedOf(runs: readonly Named[], key: string | undefined): RunScorer {
  const [first] = runs;
  if (!first) throw new AppError("unprocessable", { message: "There are no runs." });
  const owner =
    key === undefined ? first : (runs.find(({ row }) => row.scorers.some((one) => one.key === key)) ?? first);
  return mainOf(owner.row, key);
}

/** Runs by what a caller names them with. */
function createFinders({ db, find }: Pick<Deps, "db" | "find">) {
  async function named(scope: Scope, runId: string): Promise<Named> {
    const row = await find(scope, runId);
    if (row.experimentId === null) return { row, experimentName: null };
    const names = await createExperimentStore(db).namesOf(scope.projectId, [row.experimentId]);
    return { row, experimentName: names.get(row.experimentId) ?? null };
  }
  async function listNamed(scope: Scope, ids: string, param: string): Promise<Named[]> {
    const wanted = [...new Set(ids.split(",").map((id) => id.trim()))].filter((id) => id !== "");
    if (wanted.length === 0 || wanted.length > MOST_RUNS)
      throw new AppError("invalid_request", {
        message: `${param}: send the ids of 1 to ${MOST_RUNS} runs, separated by commas.`,
        details: { param },
      });
    const runs: Named[] = [];
    for (const id of wanted) runs.push(await named(scope, id));
    return runs;
  }

  /** The newest run of each name over a dataset. */
  async function newestOf(scope: Scope, datasetId: string | undefined): Promise<Named[]> {
    if (datasetId === undefined)
      throw new AppError("invalid_request", {
        message: "Name runs, or a dataset whose runs to rank.",
        details: { param: "runs" },
      });
    const filter = { datasetId, status: "done" as const, search: "" };
    const rows = await createRunStore(db).list(scope.projectId, filter, { limit: 200, after: null });
    const newest = new Map(rows.toReversed().map((row) => [`${row.name} ${row.variant?.model ?? ""}`, row]));
    const ids = [...newest.values()].slice(-MOST_RUNS).map(({ id }) => id);
    if (ids.length === 0)
      throw new AppError("unprocessable", {
        message: "No run of this dataset has finished yet.",
        details: { param: "datasetId" },
      });
    return listNamed(scope, ids.join(","), "runs");
  }

  return { named, listNamed, newestOf };
}
