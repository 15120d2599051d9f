import { z } from "zod";
import { PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { EXPERIMENT_STOPS } from "./experiment-budget.ts";
import { RunScorer, ScoreSummary } from "./experiment-runs.ts";

/** The traces that a scheduled run can take: all that match the rule, or only traces without a score of the rule. */
export const LIVE_RUN_TRACES = ["all", "unscored"] as const;

/** When a live rule evaluates a sample of its traffic, and how large the sample is. */
export const LiveScheduleInput = z.strictObject({
  isEnabled: z.boolean().default(true),
  every: z.enum(["day", "week"]).default("day").describe("Each run covers the day or the week before it."),
  hour: z
    .number()
    .int()
    .min(0)
    .max(23)
    .default(3)
    .describe("The hour (UTC) at which a period ends and its run starts."),
  weekday: z
    .number()
    .int()
    .min(1)
    .max(7)
    .default(1)
    .describe("For `week`: the day, from 1 for Monday to 7 for Sunday."),
  sampleSize: z
    .number()
    .int()
    .min(10)
    .max(1_000)
    .default(100)
    .describe("The number of traces in a run. Each trace counts with one of its matching answers."),
  traces: z
    .enum(LIVE_RUN_TRACES)
    .default("all")
    .describe("`unscored`: only traces without a score of the rule. It needs a sampling rate below 1."),
});
export type LiveScheduleInput = z.output<typeof LiveScheduleInput>;

export const LiveSchedule = z.object({
  ruleId: z.string(),
  isEnabled: z.boolean().describe("Off until a schedule is set."),
  every: z.enum(["day", "week"]),
  hour: z.number(),
  weekday: z.number(),
  sampleSize: z.number(),
  traces: z.enum(LIVE_RUN_TRACES),
  nextRunAt: Timestamp.nullable().describe(
    "Null while the schedule is off or the rule is paused. Ten minutes after the end of the period, for spans that arrive late.",
  ),
  lastError: z.string().describe("Why the last run did not start. Empty if it did."),
});
export type LiveSchedule = z.infer<typeof LiveSchedule>;

export const LIVE_PERIOD_STATES = ["preparing", "empty", "scoring", "done", "failed", "deleted"] as const;

/** One period of a schedule with its run. */
export const LivePeriod = z.object({
  from: Timestamp,
  to: Timestamp,
  state: z
    .enum(LIVE_PERIOD_STATES)
    .describe(
      "`empty`: no traffic in the period, or no answer to score, so there is no run. `deleted`: the run was deleted.",
    ),
  runId: z.string().nullable(),
  matching: z.number().describe("The number of traces that the sample was taken from, counted up to 20,000."),
  traces: z.number().describe("The number of traces in the run."),
  scorers: z.array(RunScorer),
  scores: z.array(ScoreSummary).describe("The scores of the run with their intervals."),
  stopped: z.enum(EXPERIMENT_STOPS).nullable().describe("Why scoring ended, such as `budget-usd`."),
  costUsd: z.number().nullable().describe("The cost of scoring. Null if a price is unknown."),
  error: z.string().describe("Why there is no run, or no score. Otherwise empty."),
});
export type LivePeriod = z.infer<typeof LivePeriod>;

const one = z.object({ ruleId: z.string() });

export const liveRunsApi = defineApi({
  "GET /api/v1/live-scoring/:ruleId/schedule": {
    name: "getLiveSchedule",
    summary: "The schedule of a rule's evaluation runs",
    permission: "scorers:read",
    params: one,
    response: LiveSchedule,
  },
  "PUT /api/v1/live-scoring/:ruleId/schedule": {
    name: "setLiveSchedule",
    summary: "Set when a rule evaluates a fresh sample of its traces as a run",
    permission: "scorers:write",
    content: "required",
    description:
      "Each day or week, a random sample of the traces that match the rule becomes a run with the rule's scorers. The run copies the content of the sampled traces, so this needs `traces:read` and `experiments:write` too. A period gets at most one run. After downtime, only the newest period is evaluated.",
    params: one,
    body: LiveScheduleInput,
    example: { every: "week", weekday: 1, hour: 6, sampleSize: 200 },
    response: LiveSchedule,
  },
  "GET /api/v1/live-scoring/:ruleId/periods": {
    name: "listLivePeriods",
    summary: "The periods of a rule's schedule with their runs and scores, newest first",
    permission: "experiments:read",
    params: one,
    query: PageQuery,
    response: pageOf(LivePeriod),
  },
});
