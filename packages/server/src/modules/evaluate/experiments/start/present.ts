import type { Experiment, Run } from "@treadle/contract";
import { DEFAULT_OUTAGE_SECONDS } from "../run/throttle.ts";
import type { ExperimentRow } from "../stores/experiment-store.ts";
import type { RunRow } from "../stores/run-store.ts";
import type { RunTotals } from "../stores/run-totals.ts";

export const NO_TOTALS: RunTotals = {
  answers: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: null,
  latencyP50Ms: null,
  latencyP95Ms: null,
};

type Names = ReadonlyMap<string, string>;

export const toRun = (
  row: RunRow,
  { names, experimentName }: { names: Names; experimentName: string | null },
): Run => ({
  runId: row.id,
  name: row.name,
  origin: row.origin,
  experimentId: row.experimentId,
  experimentName,
  datasetId: row.datasetId,
  root: row.root,
  itemsHash: row.itemSetId,
  variant: row.variant,
  scorers: row.scorers,
  repeats: row.repeats,
  suite: row.suite,
  ruleId: row.ruleId,
  source: row.source,
  versions: row.versions,
  tags: row.tags,
  status: row.status,
  planned: row.planned,
  ...row.totals,
  scores: row.scores,
  scoring: row.scoring,
  gate: row.gate,
  createdBy: names.get(row.createdBy) ?? row.createdBy,
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});

export function toExperiment(
  row: ExperimentRow,
  { names, datasetName, runs }: { names: Names; datasetName: string; runs: readonly RunRow[] },
): Experiment {
  const { dataset, scorers, repeats, concurrency, budget, cache, stop, source } = row.input;
  const { maxOutageSeconds = DEFAULT_OUTAGE_SECONDS } = row.input;
  const { version, split, filter, limit, seed } = dataset;
  return {
    experimentId: row.id,
    name: row.name,
    description: row.description,
    dataset: {
      datasetId: row.datasetId,
      name: datasetName,
      version,
      root: row.root,
      split,
      filter,
      limit,
      seed,
      items: row.items,
    },
    scorers,
    repeats,
    concurrency,
    budget,
    cache,
    isReplay: row.input.replay ?? false,
    stop,
    source,
    maxOutageSeconds,
    baseline: row.baseline,
    suite: row.suite,
    tags: row.tags,
    status: row.status,
    stopped: row.stopped,
    error: row.error,
    spent: row.spent,
    jobId: row.jobId,
    runs: runs.map((run) => toRun(run, { names, experimentName: row.name })),
    createdBy: names.get(row.createdBy) ?? row.createdBy,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
