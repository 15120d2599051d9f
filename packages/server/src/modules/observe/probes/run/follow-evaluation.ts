import type { ProbeEvaluation, ProbeSuspicion } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { systemScope } from "../../../../kernel/scope.ts";
import type { ProbeDeps } from "../stores/deps.ts";
import { createProbeStore, type ProbeRow } from "../stores/probe-store.ts";
import { sourceOf } from "./notices.ts";

/** Starts the pinned experiment after a confirmed change, and then reads how it goes. */
export async function followEvaluation(deps: ProbeDeps, probe: ProbeRow): Promise<void> {
  const { suspicion } = probe;
  if (suspicion?.evaluation?.status !== "running") return;
  const evaluation = await nextEvaluation(deps, probe, { since: suspicion.since, evaluation: suspicion.evaluation });
  await deps.db.transaction(async (tx) => {
    const changed = await createProbeStore(tx).note(probe, { suspicion: { ...suspicion, evaluation } });
    if (changed && evaluation.message !== suspicion.evaluation?.message) await noteEvaluation(deps, tx, changed);
  });
}

/** The timeline of the incident shows that the evaluation runs, and then its verdict. */
async function noteEvaluation({ incidents, clock }: ProbeDeps, tx: ProbeDeps["db"], probe: ProbeRow): Promise<void> {
  const evaluation = probe.suspicion?.evaluation;
  if (!evaluation) return;
  const { experimentId, message } = evaluation;
  const path = experimentId === null ? `/probes/${probe.id}` : `/experiments/${experimentId}`;
  const text = `Evaluation: ${message}`;
  await incidents.note(tx, systemScope(probe.projectId), {
    source: sourceOf(probe),
    at: new Date(clock.now()),
    text,
    path,
  });
}

type Confirmed = Pick<ProbeSuspicion, "since"> & { readonly evaluation: ProbeEvaluation };

async function nextEvaluation(
  { evaluations }: ProbeDeps,
  probe: ProbeRow,
  { since, evaluation }: Confirmed,
): Promise<ProbeEvaluation> {
  const { experimentId } = probe.settings;
  const scope = systemScope(probe.projectId);
  try {
    if (evaluation.experimentId !== null) return await evaluations.follow(scope, evaluation);
    const name = `${probe.settings.model} after a change`.slice(0, 120);
    // A crash before the id of the repeated experiment is stored must not start it twice: it costs money.
    const key = `${probe.id} ${probe.epoch} ${since}`;
    return await evaluations.start(scope, { experimentId: experimentId ?? "", name, key });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...evaluation, status: "failed", message: error.message };
  }
}
