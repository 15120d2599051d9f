import type { Probe } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { checkMayCall } from "./check-may-call.ts";
import type { ProbeReads } from "./reads.ts";
import { runAt } from "./run/daily-run.ts";
import { endJob } from "./run/end-job.ts";
import { restartProbe } from "./run/restart-probe.ts";
import { nextRunAfter } from "./run/schedule.ts";
import type { ProbeDeps } from "./stores/deps.ts";
import { createProbeStore, type ProbeRow } from "./stores/probe-store.ts";
import { createRunStore } from "./stores/run-store.ts";

/** Starts the next run without waiting for its hour. A set-up, a run or a second test that waits for the provider continues. */
export const createRunNow =
  (deps: ProbeDeps, { find, get }: Pick<ProbeReads, "find" | "get">) =>
  async (scope: Scope, probeId: string): Promise<Probe> => {
    const { db, audit, clock } = deps;
    checkMayCall(scope);
    const row = await find(scope, probeId);
    refuseIdle(row);
    const at = new Date(clock.now());
    await refuseOffHours(deps, row, at);
    const ended = await db.transaction(async (tx) => {
      const next = row.stage === "daily" ? { nextRunAt: at } : {};
      await createProbeStore(tx).update(scope.projectId, probeId, { ...next, lastError: "", updatedAt: at });
      await audit.record(scope, { action: "probe.run", target: probeId, details: { name: row.name } }, tx);
      return restartProbe(deps, tx, row);
    });
    await endJob(deps, scope, ended);
    return get(scope, probeId);
  };

function refuseIdle({ isEnabled, state }: ProbeRow): void {
  if (state === "unsuited")
    throw new AppError("conflict", { message: "The model cannot be probed. Create a probe for another model." });
  if (!isEnabled) throw new AppError("conflict", { message: "The probe is disabled. Enable it first." });
}

/** Between the hours, a run can be compared with a reference but not collect one. */
async function refuseOffHours(deps: Pick<ProbeDeps, "db">, row: ProbeRow, at: Date): Promise<void> {
  if (row.stage !== "daily" || (await runAt(deps, row, at)) !== null) return;
  if (await createRunStore(deps.db).running(row, ["reference", "daily"])) return;
  const next = nextRunAfter(row.id, at.getTime()).toISOString();
  throw new AppError("conflict", {
    message: `The probe has no reference yet, and a reference is collected only within 3 hours of the probe's hours. The run at ${next} collects it.`,
  });
}
