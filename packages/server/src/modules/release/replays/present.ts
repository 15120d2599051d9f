import type { Experiment, Replay, ReplayRun } from "@treadle/contract";
import { wilsonInterval } from "@treadle/metrics";
import type { Evals } from "../../evaluate/experiments/index.ts";
import type { ReplayRow } from "./stores/replay-store.ts";

type Counts = Awaited<ReturnType<Evals["replayed"]["count"]>>;
type Parts = { readonly experiment: Experiment | null; readonly counts: Counts };

/** A replay with the state of its experiment. */
export function toReplay(row: ReplayRow, { experiment, counts }: Parts): Replay {
  return {
    replayId: row.id,
    ...row.input,
    state: stateOf(row, experiment),
    stopped: experiment?.stopped ?? null,
    error: row.error ?? experiment?.error ?? null,
    datasetId: row.datasetId,
    datasetVersion: row.datasetVersion,
    baselineRunId: row.baselineRunId,
    experimentId: row.experimentId,
    recorded: row.recorded,
    runs: (experiment?.runs ?? []).map((run) => toRun(run, counts)),
    jobId: experiment?.jobId ?? row.jobId,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}

/** A replay whose experiment was deleted is over. */
function stateOf({ state }: ReplayRow, experiment: Experiment | null): Replay["state"] {
  if (state === "started") return experiment?.status ?? "done";
  return state;
}

function toRun({ runId, name, planned, answers, errors }: Experiment["runs"][number], counts: Counts): ReplayRun {
  const own = counts.get(runId) ?? { diverged: 0, toolCalls: 0, decisions: 0, sameDecisions: 0 };
  const interval = wilsonInterval({ successes: own.sameDecisions, n: own.decisions });
  return {
    runId,
    name,
    planned,
    answers,
    errors,
    ...own,
    sameDecisionRate: interval && { value: own.sameDecisions / own.decisions, low: interval[0], high: interval[1] },
  };
}
