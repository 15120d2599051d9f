import type { Experiment, RedTeamRun } from "@treadle/contract";
import type { RedTeamRow } from "./stores/red-team-store.ts";

type Present = { readonly experiment: Experiment | null; readonly createdBy: string };

/** Once the experiment has started, it has the state. Without one, it was deleted. */
function stateOf({ state, error, experimentId }: RedTeamRow, experiment: Experiment | null) {
  if (state !== "started") return { state, error };
  if (experiment) return { state: experiment.status, error: experiment.error };
  return { state: "failed" as const, error: experimentId && "The experiment of this run was deleted." };
}

export function toRedTeamRun(row: RedTeamRow, { experiment, createdBy }: Present): RedTeamRun {
  const { attacks, harmless, attackerSpent } = row;
  const spent = experiment?.spent;
  return {
    ...row.input,
    redTeamRunId: row.id,
    ...stateOf(row, experiment),
    stopped: experiment?.stopped ?? null,
    attacks,
    harmless,
    answers: experiment?.runs.reduce((sum, { answers }) => sum + answers, 0) ?? 0,
    planned: (attacks + harmless) * row.input.arms.length,
    spent: {
      calls: attackerSpent.calls + (spent?.calls ?? 0),
      tokens: attackerSpent.tokens + (spent?.tokens ?? 0),
      usd: attackerSpent.usd + (spent?.usd ?? 0),
      unpricedCalls: attackerSpent.unpricedCalls + (spent?.unpricedCalls ?? 0),
    },
    datasetId: row.datasetId,
    experimentId: experiment?.experimentId ?? null,
    runIds: experiment?.runs.map(({ runId }) => runId) ?? [],
    warnings: row.warnings,
    jobId: experiment?.jobId ?? row.jobId,
    createdBy,
    createdAt: row.createdAt.toISOString(),
    endedAt: experiment ? experiment.endedAt : (row.endedAt?.toISOString() ?? null),
  };
}
