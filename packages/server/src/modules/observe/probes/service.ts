import type { ProbeInput } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import { createChanges } from "./changes.ts";
import { createDecisions } from "./decisions.ts";
import { createProbeReads } from "./reads.ts";
import { estimateProbe } from "./run/estimate-probe.ts";
import { createProbeHandler, probeJob } from "./run/probe-job.ts";
import { createRunNow } from "./run-now.ts";
import { createSignals } from "./signals.ts";
import type { ProbeDeps } from "./stores/deps.ts";

/** Watches hosted models for silent changes. */
export function createProbes(deps: ProbeDeps) {
  deps.jobs.register(probeJob, createProbeHandler(deps));
  const reads = createProbeReads(deps);
  return {
    ...reads,
    ...createChanges(deps, reads),
    ...createDecisions(deps, reads),
    runNow: createRunNow(deps, reads),
    estimate: (scope: Scope, settings: ProbeInput) => estimateProbe(deps, scope.projectId, { settings }),
    signals: createSignals(deps),
  };
}
export type Probes = ReturnType<typeof createProbes>;
