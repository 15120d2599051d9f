import type { Probe } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { ProbeReads } from "./reads.ts";
import { endJob } from "./run/end-job.ts";
import { sourceOf } from "./run/notices.ts";
import { restartProbe } from "./run/restart-probe.ts";
import { NO_EVIDENCE } from "./statistics/evidence.ts";
import type { ProbeDeps } from "./stores/deps.ts";
import { createProbeStore, type ProbeChanges, type ProbeRow } from "./stores/probe-store.ts";
import { createRunStore } from "./stores/run-store.ts";

type Reads = Pick<ProbeReads, "find" | "get">;
type Accepting = { readonly selectsPrompts: boolean };

/** What a person decides about a change. Each decision ends the incident. */
export const createDecisions = (deps: ProbeDeps, reads: Reads) => ({
  accept: createAcceptance(deps, reads),
  dismiss: createDismissal(deps, reads),
});

/** The model as it is now is right: the next runs collect a new reference. */
const createAcceptance =
  (deps: ProbeDeps, { find, get }: Reads) =>
  async (scope: Scope, probeId: string, { selectsPrompts }: Accepting): Promise<Probe> => {
    const row = await find(scope, probeId);
    if (row.stage !== "daily")
      throw new AppError("conflict", { message: "The probe is being set up. Wait until it has a reference." });
    const at = new Date(deps.clock.now());
    const ended = await deps.db.transaction(async (tx) => {
      await createProbeStore(tx).update(scope.projectId, probeId, acceptedChanges(row, { at, selectsPrompts }));
      await createRunStore(tx).sweep(row, at);
      const text = "A person accepted the model as it is now.";
      await deps.incidents.recover(tx, scope, { source: sourceOf(row), at, text, isMuted: false });
      const details = { name: row.name, selectsPrompts };
      await deps.audit.record(scope, { action: "probe.accept", target: probeId, details }, tx);
      return restartProbe(deps, tx, row);
    });
    await endJob(deps, scope, ended);
    return get(scope, probeId);
  };

/** New samples for the second test are always collected, and the prompts are chosen again only on request. */
const acceptedChanges = (
  { epoch }: ProbeRow,
  { at, selectsPrompts }: Accepting & { readonly at: Date },
): ProbeChanges => ({
  epoch: epoch + 1,
  state: "setting-up",
  stage: selectsPrompts ? "selection" : "samples",
  suspicion: null,
  incidentId: null,
  detectors: NO_EVIDENCE,
  daysWithout: 0,
  setUpUsd: 0,
  nextRunAt: null,
  referenceSince: at,
  updatedAt: at,
});

/** The model has not changed: the evidence starts again with the same reference. */
const createDismissal =
  (deps: ProbeDeps, { find, get }: Reads) =>
  async (scope: Scope, probeId: string): Promise<Probe> => {
    const row = await find(scope, probeId);
    if (row.suspicion === null) throw new AppError("conflict", { message: "The probe has no suspicion to dismiss." });
    const at = new Date(deps.clock.now());
    await deps.db.transaction(async (tx) => {
      const changes: ProbeChanges = { state: "watching", suspicion: null, detectors: NO_EVIDENCE, incidentId: null };
      await createProbeStore(tx).update(scope.projectId, probeId, { ...changes, updatedAt: at });
      await endTest(tx, row, at);
      const text = "A person dismissed the suspicion.";
      await deps.incidents.recover(tx, scope, { source: sourceOf(row), at, text, isMuted: false });
      await deps.audit.record(scope, { action: "probe.dismiss", target: probeId, details: { name: row.name } }, tx);
    });
    return get(scope, probeId);
  };

/** A later suspicion makes a new second test, and does not continue the samples of this one. */
async function endTest(tx: Postgres, row: ProbeRow, endedAt: Date): Promise<void> {
  const runs = createRunStore(tx);
  const test = await runs.running(row, ["confirmation"]);
  if (test) await runs.update(test.id, { state: "done", endedAt, message: "A person dismissed the suspicion." });
}
