import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { systemScope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { ProbeDeps } from "../stores/deps.ts";
import { createProbeStore, type ProbeRow } from "../stores/probe-store.ts";
import { confirmChange } from "./confirm-change.ts";
import { runDaily } from "./daily-run.ts";
import { endJob } from "./end-job.ts";
import { followEvaluation } from "./follow-evaluation.ts";
import type { Stepping } from "./run-steps.ts";
import { setUp } from "./set-up.ts";

const Payload = z.object({ probeId: z.string() });
type Payload = z.output<typeof Payload>;
export const probeJob: JobKind<Payload, null> = {
  name: "probe",
  payload: Payload,
  state: z.null(),
};
const EVERY_SECONDS = 600;
const CONCURRENCY = 4;
/** Between two looks at a job that is being cancelled. */
const WAIT_MS = 200;
const MOST_JOBS = 100;

/** Queues the job that looks at a probe every 10 minutes. */
export const queueProbe = (
  { jobs }: Pick<ProbeDeps, "jobs">,
  tx: Postgres,
  { projectId, probeId, name }: { readonly projectId: string; readonly probeId: string; readonly name: string },
): Promise<string> =>
  jobs.send(tx, systemScope(projectId), {
    kind: probeJob,
    payload: { probeId },
    title: `Probe ${name}`,
    subject: probeId,
    everySeconds: EVERY_SECONDS,
  });

/** Does what is due for a probe. All that it does is stored, so it continues after a stop at any step. */
export const createProbeHandler = (deps: ProbeDeps): JobHandler<Payload, null> => ({
  concurrency: CONCURRENCY,
  async run(run) {
    const probe = await claimProbe(deps, run);
    if (!probe?.isEnabled || probe.state === "unsuited") return null;
    const { signal, report } = run;
    const stepping: Stepping = { signal, report: (done, total) => report({ done, total }) };
    const ready = await setUpAll(deps, probe, stepping);
    if (ready?.stage === "daily") await watch(deps, ready, stepping);
    return null;
  },
});

/**
 * The probe of a job, once its other jobs have ended: two jobs would make the same calls. Nothing for a job that was replaced, or
 * whose probe was deleted: this job ends.
 */
async function claimProbe(
  deps: ProbeDeps,
  { jobId, scope, payload: { probeId }, signal }: JobRun<Payload, null>,
): Promise<ProbeRow | undefined> {
  const active = { kind: probeJob.name, subject: probeId, status: "active", limit: MOST_JOBS } as const;
  for (;;) {
    const { items } = await deps.jobs.list(scope, active);
    // It is read after the jobs. So if a job among them replaces this one, the probe names that job.
    const probe = await createProbeStore(deps.db).find(scope.projectId, probeId);
    if (probe?.jobId !== jobId) {
      await endJob(deps, scope, jobId);
      return undefined;
    }
    const others = items.filter((job) => job.jobId !== jobId);
    if (others.length === 0) return probe;
    for (const other of others) if (!other.isCancelling) await endJob(deps, scope, other.jobId);
    await pause(WAIT_MS, null, { signal });
  }
}

async function setUpAll(deps: ProbeDeps, probe: ProbeRow, stepping: Stepping): Promise<ProbeRow | undefined> {
  let current: ProbeRow | undefined = probe;
  while (current && current.stage !== "daily") current = await setUp(deps, current, stepping);
  return current;
}

async function watch(deps: ProbeDeps, probe: ProbeRow, stepping: Stepping): Promise<void> {
  const run = await runDaily(deps, probe, stepping);
  const tested = run && (await confirmChange(deps, run, stepping));
  if (tested) await followEvaluation(deps, tested);
}
