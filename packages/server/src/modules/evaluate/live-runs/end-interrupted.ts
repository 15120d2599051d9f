import type { Scope } from "../../../kernel/scope.ts";
import type { LiveRunsDeps } from "./deps.ts";
import { discardIncomplete } from "./make-run.ts";
import { createPeriodStore, type PeriodRow } from "./period-store.ts";
import { createScheduleStore, type ScheduleRow } from "./schedule-store.ts";

const INTERRUPTED = "The server stopped before the run had its sample,";

/** Ends the interrupted periods of schedules that are off, and of paused rules. The others are completed. */
export async function endInterrupted(deps: LiveRunsDeps, scope: Scope): Promise<void> {
  for (const row of await createPeriodStore(deps.db).listPreparing(scope.projectId)) {
    const schedule = await createScheduleStore(deps.db).find(scope.projectId, row.ruleId);
    const reason = schedule && (await reasonOf(deps, scope, schedule));
    if (schedule && reason) await end(deps, { ...scope, actor: schedule.updatedBy }, { row, reason });
  }
}

async function reasonOf({ rules }: LiveRunsDeps, scope: Scope, { ruleId, isEnabled }: ScheduleRow): Promise<string> {
  if (!isEnabled) return `${INTERRUPTED} and the schedule was turned off.`;
  return (await rules.get(scope, ruleId)).isEnabled ? "" : `${INTERRUPTED} and the rule was paused.`;
}

type Ending = { readonly row: PeriodRow; readonly reason: string };

/** The incomplete run is deleted. A run that was complete already is scored. */
async function end(deps: LiveRunsDeps, scope: Scope, { row, reason }: Ending): Promise<void> {
  const changes = (await discardIncomplete(deps, scope, row.runId))
    ? ({ state: "started", error: "" } as const)
    : ({ state: "failed", error: reason, matching: 0, traces: 0 } as const);
  await createPeriodStore(deps.db).update(row, { ...changes, updatedAt: new Date(deps.clock.now()) });
}
