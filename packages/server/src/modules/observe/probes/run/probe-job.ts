import { z } from "zod";
import { systemScope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { ProbeDeps } from "../stores/deps.ts";
import { createProbeStore, type ProbeRow } from "../stores/probe-store.ts";
import { confirmChange } from "./confirm-change.ts";
import { runDaily } from "./daily-run.ts";
import { followEvaluation } from "./follow-evaluation.ts";
import type { Stepping } from "./run-steps.ts";
import { setUp } from "./set-up.ts";

const Payload = z.object({ probeId: z.string() });
export const probeJob: JobKind<z.output<typeof Payload>, null> = {
  name: "probe",
  payload: Payload,
  state: z.null(),
};
const EVERY_SECONDS = 600;
const CONCURRENCY = 4;

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
export const createProbeHandler = (deps: ProbeDeps): JobHandler<z.output<typeof Payload>, null> => ({
  concurrency: CONCURRENCY,
  async run({ jobId, scope, payload, signal, report }) {
    const probe = await createProbeStore(deps.db).find(scope.projectId, payload.probeId);
    // A job that was replaced, and that a crash kept from being cancelled, does nothing.
    if (!probe?.isEnabled || probe.state === "unsuited" || probe.jobId !== jobId) return null;
    const stepping: Stepping = { signal, report: (done, total) => report({ done, total }) };
    const ready = await setUpAll(deps, probe, stepping);
    if (ready?.stage === "daily") await watch(deps, ready, stepping);
    return null;
  },
});

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
