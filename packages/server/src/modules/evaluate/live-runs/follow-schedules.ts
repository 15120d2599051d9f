import type { LiveRule, RunInput } from "@treadle/contract";
import { z } from "zod";
import { HOUR_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../platform/jobs/port.ts";
import { countCosts } from "./count-costs.ts";
import type { LiveRunsDeps } from "./deps.ts";
import { endInterrupted } from "./end-interrupted.ts";
import { makeRun } from "./make-run.ts";
import { createPeriodStore, type PeriodRow } from "./period-store.ts";
import { duePeriod, type Period } from "./periods.ts";
import { createScheduleStore, type ScheduleRow } from "./schedule-store.ts";

export const FOLLOW_KIND: JobKind<object, null> = { name: "live-runs", payload: z.object({}), state: z.null() };

const RETRY_MS = HOUR_MS;
const MOST_ERROR = 2_000;
const MOST_TOKENS = 1_000_000_000_000;

/** Starts the due runs of a project's schedules, and counts the cost of running ones in the budgets of their rules. */
export function createFollowing(deps: LiveRunsDeps): JobHandler<object, null> {
  const store = createScheduleStore(deps.db);
  return {
    async run({ scope, signal }) {
      await countCosts(deps, scope);
      await endInterrupted(deps, scope);
      let outage: unknown = null;
      for (const schedule of await store.listEnabled(scope.projectId)) {
        try {
          const error = await errorOf(() => follow(deps, { scope, schedule, signal }), signal);
          if (error !== null && error !== schedule.lastError)
            await store.setError(scope.projectId, schedule.ruleId, error);
        } catch (error) {
          signal.throwIfAborted();
          outage ??= error;
        }
      }
      // One schedule does not hold up the others. The job tries again.
      if (outage !== null) throw outage;
      return null;
    },
  };
}

/** What a person can fix. Outages are left to the retries of the job. */
async function errorOf(work: () => Promise<string | null>, signal: AbortSignal): Promise<string | null> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return error.message.slice(0, MOST_ERROR);
  }
}

/** What a schedule copies. Saving the schedule needs the permission to read this content. */
export const sampledBy = ({ target, filter }: Pick<LiveRule, "target" | "filter">): string => `${target} ${filter}`;

type Following = { readonly scope: Scope; readonly schedule: ScheduleRow; readonly signal: AbortSignal };

/** Returns the new error of the schedule, or null if it is unchanged. */
async function follow(deps: LiveRunsDeps, { scope, schedule, signal }: Following): Promise<string | null> {
  const now = deps.clock.now();
  const store = createPeriodStore(deps.db);
  const interrupted = await store.findPreparing(schedule);
  const period = interrupted ?? duePeriod(schedule, now);
  if (period === null) return null;
  const rule = await deps.rules.get(scope, schedule.ruleId);
  const row = interrupted ?? (await store.find({ ...schedule, endsAt: period.endsAt }));
  if (!rule.isEnabled || (row && !isOpen(row, { schedule, rule, now }))) return null;
  if (schedule.sampled !== sampledBy(rule))
    return "The filter or the target of the rule changed. Save the schedule again, so that its runs copy the new traces.";
  const { usd, tokens, over } = await deps.rules.budget.left(scope, rule.ruleId);
  if (over !== null) return over;
  const budget = { usd, tokens: tokens ?? MOST_TOKENS };
  return start(deps, { scope, rule, schedule, period, budget, signal });
}

/** A failed period is tried again every hour, and after a change of the rule or its schedule. */
function isOpen(
  { state, updatedAt }: PeriodRow,
  { schedule, rule, now }: { schedule: ScheduleRow; rule: LiveRule; now: number },
): boolean {
  if (state === "preparing") return true;
  const isChanged = schedule.updatedAt > updatedAt || new Date(rule.updatedAt) > updatedAt;
  return state === "failed" && (isChanged || now >= updatedAt.getTime() + RETRY_MS);
}

type Starting = Following & {
  readonly rule: LiveRule;
  readonly period: Period;
  readonly budget: RunInput["budget"];
};

/** The row is written first, so that a period never has two runs. */
async function start(deps: LiveRunsDeps, starting: Starting): Promise<string> {
  const { db, clock } = deps;
  const { schedule, period, signal } = starting;
  const { projectId, ruleId } = schedule;
  const key = { projectId, ruleId, endsAt: period.endsAt };
  const store = createPeriodStore(db);
  await store.create(newPeriod(schedule, period, clock.now()));
  await store.update(key, { state: "preparing" });
  const row = await store.find(key);
  if (!row) return "";
  const error = await errorOf(async () => {
    const made = await makeRun(deps, { ...starting, row });
    await store.update(key, { error: "", ...made, updatedAt: new Date(clock.now()) });
    return null;
  }, signal);
  if (error !== null) await store.update(key, { state: "failed", error, updatedAt: new Date(clock.now()) });
  return error ?? "";
}

const newPeriod = ({ projectId, ruleId }: ScheduleRow, { startsAt, endsAt }: Period, now: number): PeriodRow => ({
  projectId,
  ruleId,
  startsAt,
  endsAt,
  state: "preparing",
  runId: newId("run"),
  matching: 0,
  traces: 0,
  error: "",
  countedUsd: 0,
  countedTokens: 0,
  isCounted: false,
  updatedAt: new Date(now),
});
