import type { Probe, ProbeInput, ProbePatch } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { checkMayCall, checkMayPin } from "./check-may-call.ts";
import type { ProbeReads } from "./reads.ts";
import { endJob } from "./run/end-job.ts";
import { estimateProbe } from "./run/estimate-probe.ts";
import { queueProbe } from "./run/probe-job.ts";
import { restartProbe } from "./run/restart-probe.ts";
import type { ProbeDeps } from "./stores/deps.ts";
import { newProbe } from "./stores/new-probe.ts";
import { createProbeStore, type ProbeChanges } from "./stores/probe-store.ts";

type Reads = Pick<ProbeReads, "find" | "get">;

const MOST_PROBES = 50;

/** What creates, changes and deletes probes: each one transaction with its audit entry. */
export const createChanges = (deps: ProbeDeps, reads: Reads) => ({
  create: createCreation(deps, reads),
  update: createUpdate(deps, reads),
  async delete(scope: Scope, probeId: string): Promise<void> {
    const { name, jobId } = await reads.find(scope, probeId);
    await deps.db.transaction(async (tx) => {
      await createProbeStore(tx).delete(scope.projectId, probeId);
      await deps.audit.record(scope, { action: "probe.delete", target: probeId, details: { name } }, tx);
    });
    await endJob(deps, scope, jobId);
  },
});

const checkExperiment = async ({ evaluations }: ProbeDeps, scope: Scope, experimentId: string | null | undefined) => {
  if (!experimentId) return;
  checkMayPin(scope);
  await evaluations.check(scope, experimentId);
};

/** A probe of an endpoint would report each change of its variants. */
async function refuseEndpoint({ isEndpoint }: ProbeDeps, { projectId }: Scope, model: string): Promise<void> {
  if (!(await isEndpoint(projectId, model))) return;
  const message = `"${model}" is an endpoint, which can send calls to several models. Name one model, such as \`openai/gpt-4.1-mini\`.`;
  throw new AppError("unprocessable", { message, details: { field: "model" } });
}

async function refuseOneMore(tx: Postgres, { projectId }: Scope): Promise<void> {
  if ((await createProbeStore(tx).count(projectId)) < MOST_PROBES) return;
  throw new AppError("unprocessable", { message: `A project has at most ${MOST_PROBES} probes. Delete one first.` });
}

const createCreation =
  (deps: ProbeDeps, { get }: Reads) =>
  async (scope: Scope, input: ProbeInput): Promise<Probe> => {
    const { db, audit, clock } = deps;
    const { name, model, experimentId } = input;
    checkMayCall(scope);
    await checkExperiment(deps, scope, experimentId);
    await refuseEndpoint(deps, scope, model);
    // An unknown connection or model is rejected here, and not by the first call.
    const { dailyUsd } = await estimateProbe(deps, scope.projectId, { settings: input });
    const now = new Date(clock.now());
    const probeId = newId("prb");
    await db.transaction(async (tx) => {
      await refuseOneMore(tx, scope);
      const jobId = await queueProbe(deps, tx, { projectId: scope.projectId, probeId, name });
      await createProbeStore(tx).create(newProbe(scope, input, { probeId, jobId, estimatedUsd: dailyUsd, now }));
      await audit.record(scope, { action: "probe.create", target: probeId, details: { name, model } }, tx);
    });
    return get(scope, probeId);
  };

const createUpdate =
  (deps: ProbeDeps, { find, get }: Reads) =>
  async (scope: Scope, probeId: string, patch: ProbePatch): Promise<Probe> => {
    const { db, audit, clock } = deps;
    const { name, isEnabled, ...settings } = patch;
    const row = await find(scope, probeId);
    await checkExperiment(deps, scope, settings.experimentId);
    const changes: ProbeChanges = {
      ...(name !== undefined && { name }),
      ...(isEnabled !== undefined && { isEnabled }),
      settings: { ...row.settings, ...withoutUndefined(settings) },
      updatedAt: new Date(clock.now()),
    };
    const ended = await db.transaction(async (tx) => {
      await createProbeStore(tx).update(scope.projectId, probeId, changes);
      const details = { name: row.name, fields: Object.keys(withoutUndefined(patch)) };
      await audit.record(scope, { action: "probe.update", target: probeId, details }, tx);
      // It looks at the new settings immediately, and not only at its next turn.
      return isEnabled || settings.setUpBudgetUsd !== undefined ? restartProbe(deps, tx, row) : null;
    });
    if (ended !== null) await endJob(deps, scope, ended);
    return get(scope, probeId);
  };

const withoutUndefined = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
