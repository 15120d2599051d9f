import { z } from "zod";
import { Name, Timestamp } from "../../pages.ts";
import { SpanFilterText } from "../filter/filter-text.ts";
import { AlertLabels, BurnWindows } from "./monitors.ts";
import { SloJudge } from "./slo-judge.ts";

export const MOST_SLOS = 100;
/** How many days of history an SLO stores. */
export const SLO_HISTORY_DAYS = 90;

const thresholdMs = z.number().gt(0).max(3_600_000).describe("In milliseconds.");

/** What makes a request good. A request without the value, such as a request without a score, does not count. */
export const SloIndicator = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("availability") }).describe("Good: without an error."),
  z
    .strictObject({ kind: z.literal("latency"), thresholdMs })
    .describe("Good: takes at most this long. Errors do not count."),
  z
    .strictObject({ kind: z.literal("timeToFirstToken"), thresholdMs })
    .describe("Good: the first token takes at most this long. Only streams count."),
  z
    .strictObject({
      kind: z.literal("score"),
      score: z.string().trim().min(1).max(200).describe("The name of the score."),
      least: z.number().min(-1e9).max(1e9).describe("A score below this is bad."),
    })
    .describe("Good: the score is high enough. Only requests with the score count."),
  z.strictObject({ kind: z.literal("guardBlocks") }).describe("Good: not blocked by a guard policy."),
]);
export type SloIndicator = z.output<typeof SloIndicator>;

const WINDOW_DAYS = [7, 28, 30] as const;
/** The lengths of the rolling window, in days of UTC with the present day. */
export const SloWindowDays = z.literal(WINDOW_DAYS);

/** The burn-rate monitor of an SLO. */
export const SloAlerts = z.strictObject({
  isEnabled: z.boolean().default(true).describe("Creates a monitor that fires when the error budget burns too fast."),
  labels: AlertLabels.default({}),
  runbookUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .default(null),
});
export type SloAlerts = z.output<typeof SloAlerts>;

const objective = z.number().min(0.5).max(0.99999).describe("The share of requests that must be good, such as 0.99.");
const counts = z
  .enum(["calls", "roots"])
  .describe("A request is a call of a model (`calls`), or the root span of a trace (`roots`).");
const endpoint = z.string().max(200).describe("The name of an endpoint. Empty for all requests.");

export const SloInput = z.strictObject({
  name: Name,
  description: z.string().max(2_000).default(""),
  endpoint: endpoint.default(""),
  filter: SpanFilterText.default("").describe("More conditions for the requests, in the filter language."),
  counts: counts.default("calls"),
  indicator: SloIndicator,
  objective,
  windowDays: SloWindowDays.default(28),
  alerts: SloAlerts.default({ isEnabled: true, labels: {}, runbookUrl: null }),
});
export type SloInput = z.output<typeof SloInput>;

export const SloPatch = z.strictObject({
  name: Name.optional(),
  description: z.string().max(2_000).optional(),
  endpoint: endpoint.optional(),
  filter: SpanFilterText.optional(),
  counts: counts.optional(),
  indicator: SloIndicator.optional(),
  objective: objective.optional(),
  windowDays: SloWindowDays.optional(),
  alerts: SloAlerts.optional(),
});
export type SloPatch = z.output<typeof SloPatch>;

/** The minutes of the windows whose burn rates a status shows. */
export const SLO_BURN_MINUTES = [60, 360, 1_440, 4_320] as const;

const rate = z.number().nullable();

export const SloBurn = z.object({
  minutes: z.number(),
  n: z.number().describe("The requests that count."),
  bad: z.number(),
  burnRate: rate.describe("How many times faster than allowed the budget is used. Null without requests."),
  lower: rate.describe("The ends of the 95 % interval."),
  upper: rate,
});
export type SloBurn = z.output<typeof SloBurn>;

export const SLO_STATES = ["ok", "at-risk", "burning", "exhausted", "no-data"] as const;

export const SloStatus = z.object({
  at: Timestamp,
  from: Timestamp.describe("The start of the window."),
  state: z
    .enum(SLO_STATES)
    .describe(
      "`exhausted`: the objective is missed for certain. `burning`: the monitor's condition holds. `at-risk`: the budget is used up, but the requests are too few to be certain.",
    ),
  requests: z.number().describe("All requests of the window."),
  n: z.number().describe("The requests that count. For a score, the judged requests."),
  bad: z.number(),
  good: rate.describe("The share of good requests. Null without requests."),
  lower: rate.describe("The ends of the 95 % interval (Wilson)."),
  upper: rate,
  allowedBad: z.number().describe("The bad requests that the budget allows for `n` requests."),
  badLeft: z.number().describe("The bad requests still allowed. Negative if the budget is used up."),
  budgetLeft: rate.describe("The share of the error budget that is left. Negative if it is used up."),
  budgetLower: rate,
  budgetUpper: rate,
  burns: z.array(SloBurn),
  alerts: z.array(
    BurnWindows.extend({ badShare: z.number(), isExceeded: z.boolean() }).describe(
      "A pair of windows of the monitor, with the bad share it needs.",
    ),
  ),
  exhaustedInHours: rate.describe("At the burn rate of the last 6 hours. Null if that rate does not use it up."),
});
export type SloStatus = z.output<typeof SloStatus>;

const judge = SloJudge.nullable().describe("For the indicator `score`. Otherwise null.");

export const Slo = z.object({
  sloId: z.string(),
  ...SloInput.shape,
  monitorId: z.string().nullable().describe("The burn-rate monitor. Null if alerts are off."),
  notices: z.array(z.string()).describe("What limits the SLO, such as a scaled burn rate."),
  status: SloStatus,
  judge,
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Slo = z.output<typeof Slo>;

export const SloDay = z.object({
  day: z.string().describe("A day of UTC, such as 2026-01-31."),
  requests: z.number(),
  n: z.number(),
  bad: z.number(),
  good: rate,
  burnRate: rate,
  lower: rate.describe("The ends of the 95 % interval of the burn rate."),
  upper: rate,
  budgetLeft: rate.describe("The share of the budget that was left at the end of the day."),
});
export type SloDay = z.output<typeof SloDay>;

export const SloPreview = z.object({
  status: SloStatus,
  judge,
  notices: z.array(z.string()),
  days: z.array(SloDay),
});
export type SloPreview = z.output<typeof SloPreview>;
