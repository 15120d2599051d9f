import { type LiveRule, type LiveSchedule, LiveScheduleInput } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { LiveRunsDeps } from "./deps.ts";
import { createEnding, END_KIND, endRule } from "./end-runs.ts";
import { createFollowing, FOLLOW_KIND, sampledBy } from "./follow-schedules.ts";
import { createPeriodStore } from "./period-store.ts";
import { toPeriod, toSchedule } from "./present.ts";
import { createScheduleStore, type ScheduleRow } from "./schedule-store.ts";

const ORDER = {
  kind: FOLLOW_KIND,
  payload: {},
  title: "Evaluate samples of live rules",
  key: "live-runs",
  everySeconds: 60,
};

type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** Evaluation runs of live rules on fresh samples of their traffic. */
export function createLiveRuns(deps: LiveRunsDeps) {
  const { db, jobs, rules, clock } = deps;
  jobs.register(FOLLOW_KIND, createFollowing(deps));
  jobs.register(END_KIND, createEnding(deps));
  const follow = (tx: Postgres, projectId: string) => jobs.send(tx, systemScope(projectId), ORDER);
  return {
    async get(scope: Scope, ruleId: string): Promise<LiveSchedule> {
      const rule = await rules.get(scope, ruleId);
      const row = await createScheduleStore(db).find(scope.projectId, ruleId);
      return toSchedule(row ?? NO_SCHEDULE, { rule, now: clock.now() });
    },

    set: (scope: Scope, ruleId: string, input: LiveScheduleInput) =>
      setSchedule({ ...deps, follow }, scope, { ruleId, input }),

    listPeriods: createPeriodList(deps),

    /** Ends the runs of a rule, in the transaction that deletes the rule. */
    endRule: (tx: Postgres, scope: Scope, rule: { readonly ruleId: string; readonly name: string }) =>
      endRule(deps, tx, { ...rule, scope }),

    async start(): Promise<void> {
      for (const projectId of await createScheduleStore(db).listProjects())
        await db.transaction((tx) => follow(tx, projectId));
    },
  };
}
export type LiveRuns = ReturnType<typeof createLiveRuns>;

const NO_SCHEDULE = { ...LiveScheduleInput.parse({ isEnabled: false }), lastError: "" };

const createPeriodList =
  ({ db, rules, runs }: LiveRunsDeps) =>
  async (scope: Scope, ruleId: string, { limit, cursor }: Page) => {
    await rules.get(scope, ruleId);
    const before = cursor === undefined ? null : new Date(fromTimeCursor(cursor)[0]);
    const rows = await createPeriodStore(db).list({ ...scope, ruleId }, { limit: limit + 1, before });
    const page = toPage(rows, limit, ({ endsAt, runId }) => [endsAt.toISOString(), runId]);
    const ids = page.items.map(({ runId }) => runId);
    const byId = new Map((await runs.listByIds(scope, ids)).map((run) => [run.runId, run]));
    return { ...page, items: page.items.map((row) => toPeriod(row, byId.get(row.runId))) };
  };

type Writing = LiveRunsDeps & { follow(tx: Postgres, projectId: string): Promise<string> };
type Change = { readonly ruleId: string; readonly input: LiveScheduleInput };

async function setSchedule(deps: Writing, scope: Scope, { ruleId, input }: Change): Promise<LiveSchedule> {
  const { db, rules, audit, clock } = deps;
  const rule = await rules.get(scope, ruleId);
  if (input.isEnabled) await checkSchedule(deps, scope, { rule, input });
  const now = clock.now();
  const before = await createScheduleStore(db).find(scope.projectId, ruleId);
  const row: ScheduleRow = {
    ...input,
    ruleId,
    projectId: scope.projectId,
    // Only periods that end from now on are evaluated, unless nothing about them has changed.
    startsAt: before && isSameTiming(before, input) ? before.startsAt : new Date(now),
    sampled: sampledBy(rule),
    lastError: "",
    updatedBy: scope.actor,
    updatedAt: new Date(now),
  };
  await db.transaction(async (tx) => {
    await createScheduleStore(tx).set(row);
    if (row.isEnabled) await deps.follow(tx, scope.projectId);
    await audit.record(scope, { action: "live-scoring.schedule", target: ruleId, details: { ...input } }, tx);
  });
  return toSchedule(row, { rule, now });
}

const isSameTiming = (before: ScheduleRow, { isEnabled, every, hour, weekday }: LiveScheduleInput) =>
  before.isEnabled === isEnabled && before.every === every && before.hour === hour && before.weekday === weekday;

/** What would fail at each run fails now. */
async function checkSchedule(
  { rules }: Writing,
  scope: Scope,
  { rule, input }: { rule: LiveRule; input: LiveScheduleInput },
): Promise<void> {
  for (const needed of ["traces:read", "experiments:write"] as const)
    if (!scope.permissions.has(needed))
      throw new AppError("forbidden", { message: `Scheduled runs need the permission \`${needed}\` too.` });
  await rules.checkScorers(scope, rule.scorers);
  if (input.traces === "unscored" && rule.samplingRate >= 1)
    throw new AppError("unprocessable", {
      message: `The rule "${rule.name}" scores every trace, so no trace is unscored. Set \`traces\` to "all", or lower the sampling rate of the rule.`,
      details: { param: "traces" },
    });
}
