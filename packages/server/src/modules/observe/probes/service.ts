import type { Probe, ProbeInput, ProbePatch } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import { createProbeReads } from "./reads.ts";
import { estimateProbe } from "./run/estimate-probe.ts";
import { sourceOf } from "./run/notices.ts";
import { createProbeHandler, probeJob, queueProbe } from "./run/probe-job.ts";
import { createSignals } from "./signals.ts";
import { NO_EVIDENCE } from "./statistics/evidence.ts";
import type { ProbeDeps } from "./stores/deps.ts";
import { createProbeStore, type ProbeChanges, type ProbeRow, rankOf } from "./stores/probe-store.ts";
import { createRunStore } from "./stores/run-store.ts";

const MOST_PROBES = 50;

/** Watches hosted models for silent changes. */
export function createProbes(deps: ProbeDeps) {
  deps.jobs.register(probeJob, createProbeHandler(deps));
  const reads = createProbeReads(deps);
  return {
    ...reads,
    ...createChanges(deps, reads),
    ...createDecisions(deps, reads),
    estimate: (scope: Scope, input: ProbeInput) => estimateProbe(deps, scope.projectId, input),
    signals: createSignals(deps),
  };
}
export type Probes = ReturnType<typeof createProbes>;
type Reads = ReturnType<typeof createProbeReads>;

function createChanges(deps: ProbeDeps, { find, get }: Pick<Reads, "find" | "get">) {
  const { db, audit, clock, evaluations } = deps;
  const checkExperiment = async (scope: Scope, experimentId: string | null | undefined) => {
    if (experimentId) await evaluations.check(scope, experimentId);
  };
  return {
    async create(scope: Scope, input: ProbeInput): Promise<Probe> {
      await checkExperiment(scope, input.experimentId);
      // An unknown connection or model is rejected here, and not by the first call.
      const { dailyUsd } = await estimateProbe(deps, scope.projectId, input);
      const probeId = newId("prb", clock.now());
      await db.transaction(async (tx) => {
        const store = createProbeStore(tx);
        if ((await store.count(scope.projectId)) >= MOST_PROBES)
          throw new AppError("unprocessable", {
            message: `A project has at most ${MOST_PROBES} probes. Delete one first.`,
          });
        const jobId = await queueProbe(deps, tx, { projectId: scope.projectId, probeId, name: input.name });
        await store.create(
          newRow(scope, input, { probeId, jobId, estimatedUsd: dailyUsd, now: new Date(clock.now()) }),
        );
        const details = { name: input.name, model: input.model };
        await audit.record(scope, { action: "probe.create", target: probeId, details }, tx);
      });
      return get(scope, probeId);
    },

    async update(scope: Scope, probeId: string, { name, isEnabled, ...settings }: ProbePatch): Promise<Probe> {
      const row = await find(scope, probeId);
      await checkExperiment(scope, settings.experimentId);
      const updatedAt = new Date(clock.now());
      await db.transaction(async (tx) => {
        const changes: ProbeChanges = {
          ...(name !== undefined && { name }),
          ...(isEnabled !== undefined && { isEnabled }),
          settings: { ...row.settings, ...withoutUndefined(settings) },
          updatedAt,
        };
        await createProbeStore(tx).update(scope.projectId, probeId, changes);
        // It looks at the new settings immediately, and not only at its next turn.
        if (isEnabled || settings.setUpBudgetUsd !== undefined) await restart(deps, tx, row);
        const details = { name: row.name, fields: Object.keys({ ...settings, name, isEnabled }) };
        await audit.record(scope, { action: "probe.update", target: probeId, details }, tx);
      });
      return get(scope, probeId);
    },

    async delete(scope: Scope, probeId: string): Promise<void> {
      const row = await find(scope, probeId);
      await db.transaction(async (tx) => {
        await createProbeStore(tx).delete(scope.projectId, probeId);
        await audit.record(scope, { action: "probe.delete", target: probeId, details: { name: row.name } }, tx);
      });
      await endJob(deps, scope, row.jobId);
    },
  };
}

const withoutUndefined = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

type Naming = {
  readonly probeId: string;
  readonly jobId: string;
  readonly estimatedUsd: number | null;
  readonly now: Date;
};

const newRow = (
  { projectId, actor }: Scope,
  { name, isEnabled, ...settings }: ProbeInput,
  { probeId, jobId, estimatedUsd, now }: Naming,
): ProbeRow => ({
  id: probeId,
  projectId,
  name,
  settings,
  isEnabled,
  state: "setting-up",
  stage: "selection",
  rank: rankOf("setting-up"),
  epoch: 1,
  prompts: [],
  detectors: NO_EVIDENCE,
  suspicion: null,
  notices: [],
  lastError: "",
  daysWithout: 0,
  incidentId: null,
  setUpUsd: 0,
  estimatedUsd,
  lastRunAt: null,
  nextRunAt: null,
  referenceSince: now,
  jobId,
  createdBy: actor,
  createdAt: now,
  updatedAt: now,
});

/** Queues the job of a probe again, so that it runs immediately. */
async function restart(deps: ProbeDeps, tx: ProbeDeps["db"], { projectId, id, name, jobId }: ProbeRow): Promise<void> {
  await endJob(deps, { projectId }, jobId);
  const next = await queueProbe(deps, tx, { projectId, probeId: id, name });
  await createProbeStore(tx).update(projectId, id, { jobId: next });
}

/** What a person decides about a change. */
function createDecisions(deps: ProbeDeps, { find, get }: Pick<Reads, "find" | "get">) {
  const { db, audit, incidents, clock } = deps;
  return {
    /** The model as it is now is right: the next runs collect a new reference. Ends the incident. */
    async accept(scope: Scope, probeId: string, { selectsPrompts }: { selectsPrompts: boolean }): Promise<Probe> {
      const row = await find(scope, probeId);
      if (row.stage !== "daily")
        throw new AppError("conflict", { message: "The probe is being set up. Wait until it has a reference." });
      const at = new Date(clock.now());
      await db.transaction(async (tx) => {
        await createProbeStore(tx).update(scope.projectId, probeId, acceptedChanges(row, { at, selectsPrompts }));
        await createRunStore(tx).sweep(row, at);
        const text = "A person accepted the model as it is now.";
        await incidents.recover(tx, scope, { source: sourceOf(row), at, text, isMuted: false });
        const details = { name: row.name, selectsPrompts };
        await audit.record(scope, { action: "probe.accept", target: probeId, details }, tx);
        await restart(deps, tx, row);
      });
      return get(scope, probeId);
    },

    async dismiss(scope: Scope, probeId: string): Promise<Probe> {
      const row = await find(scope, probeId);
      if (row.suspicion === null) throw new AppError("conflict", { message: "The probe has no suspicion to dismiss." });
      const at = new Date(clock.now());
      await db.transaction(async (tx) => {
        const changes: ProbeChanges = { state: "watching", suspicion: null, detectors: NO_EVIDENCE, incidentId: null };
        await createProbeStore(tx).update(scope.projectId, probeId, { ...changes, updatedAt: at });
        const runs = createRunStore(tx);
        const test = await runs.running(row, ["confirmation"]);
        if (test)
          await runs.update(test.id, { state: "done", endedAt: at, message: "A person dismissed the suspicion." });
        const text = "A person dismissed the suspicion.";
        await incidents.recover(tx, scope, { source: sourceOf(row), at, text, isMuted: false });
        await audit.record(scope, { action: "probe.dismiss", target: probeId, details: { name: row.name } }, tx);
      });
      return get(scope, probeId);
    },
  };
}

/** New samples for the second test are always collected, and the prompts are chosen again only on request. */
const acceptedChanges = (
  { epoch }: ProbeRow,
  { at, selectsPrompts }: { readonly at: Date; readonly selectsPrompts: boolean },
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

/** A job that has ended already cannot be cancelled. */
async function endJob({ jobs, log }: ProbeDeps, { projectId }: Pick<Scope, "projectId">, jobId: string): Promise<void> {
  try {
    await jobs.cancel(systemScope(projectId), jobId);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.debug({ jobId, reason: error.message }, "the job of a probe has ended already");
  }
}
