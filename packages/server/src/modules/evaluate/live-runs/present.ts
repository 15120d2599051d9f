import type { LivePeriod, LiveRule, LiveSchedule, LiveScheduleInput, Run } from "@treadle/contract";
import type { PeriodRow } from "./period-store.ts";
import { nextRunAt } from "./periods.ts";
import type { ScheduleRow } from "./schedule-store.ts";

type Shown = { readonly rule: Pick<LiveRule, "ruleId" | "isEnabled">; readonly now: number };

export function toSchedule(
  schedule: LiveScheduleInput & Pick<ScheduleRow, "lastError">,
  { rule, now }: Shown,
): LiveSchedule {
  const { isEnabled, every, hour, weekday, sampleSize, traces, lastError } = schedule;
  const next = isEnabled && rule.isEnabled ? nextRunAt(schedule, now).toISOString() : null;
  return { ruleId: rule.ruleId, isEnabled, every, hour, weekday, sampleSize, traces, nextRunAt: next, lastError };
}

export function toPeriod(row: PeriodRow, run: Run | undefined): LivePeriod {
  return {
    from: row.startsAt.toISOString(),
    to: row.endsAt.toISOString(),
    state: stateOf(row, run),
    runId: run?.runId ?? null,
    matching: row.matching,
    traces: row.traces,
    scorers: run?.scorers ?? [],
    scores: run?.scores ?? [],
    stopped: run?.scoring?.stopped ?? null,
    costUsd: run?.scoring ? priceOf(run.scoring.spent) : row.countedUsd,
    error: (run && ERRORS[run.status]) ?? row.error,
  };
}

const ERRORS: Partial<Record<Run["status"], string>> = {
  failed: "The run could not be scored. Its job shows the reason.",
  cancelled: "The scoring of the run was canceled.",
};

const priceOf = ({ usd, unpricedCalls }: { usd: number; unpricedCalls: number }) => (unpricedCalls > 0 ? null : usd);

function stateOf({ state }: PeriodRow, run: Run | undefined): LivePeriod["state"] {
  if (state !== "started") return state;
  if (run === undefined) return "deleted";
  if (run.status === "done") return "done";
  return run.status === "failed" || run.status === "cancelled" ? "failed" : "scoring";
}
