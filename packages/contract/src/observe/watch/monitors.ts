import { z } from "zod";
import { Name, StoredTime } from "../../pages.ts";
import { MeasureName, SpanDimensionName } from "../explore.ts";
import { SpanFilterText } from "../filter/filter-text.ts";

export const SEVERITIES = ["info", "warning", "critical"] as const;
/** How urgent an alert is. It decides who is notified. */
export const Severity = z.enum(SEVERITIES);
export type Severity = z.output<typeof Severity>;

/** Text labels of a monitor and of its incidents, by which notifications are routed. */
export const AlertLabels = z
  .record(z.string().min(1).max(60), z.string().max(200))
  .refine((labels) => Object.keys(labels).length <= 20, "must not be more than 20");
export type AlertLabels = z.output<typeof AlertLabels>;

export const SERIES_STATES = ["ok", "pending", "firing", "recovering", "no-data", "error"] as const;
export const SeriesState = z.enum(SERIES_STATES);
export type SeriesState = z.output<typeof SeriesState>;

export const MOST_SERIES = 200;

/** Where the values of a monitor come from. */
export const MonitorSource = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("measure"),
    measure: MeasureName,
    filter: SpanFilterText.default("").describe("The spans to measure, in the filter language. Empty for all."),
    groupBy: SpanDimensionName.nullable().default(null).describe("One series for each value. Null for one series."),
    seriesLimit: z
      .number()
      .int()
      .min(1)
      .max(MOST_SERIES)
      .default(20)
      .describe("The groups with the most spans have a series each. All other groups share the series `other`."),
  }),
  z.strictObject({
    kind: z.literal("sql"),
    sql: z
      .string()
      .trim()
      .min(1)
      .max(10_000)
      .describe(
        "Returns a column `value`, and optionally `series` and `n`, for {from:DateTime64(6)} to {to:DateTime64(6)}. It cannot read content.",
      ),
  }),
]);
export type MonitorSource = z.output<typeof MonitorSource>;

const limit = z.number().min(-1e15).max(1e15);
const minutes = z.number().int().min(1).max(43_200);

/** One pair of windows of a burn rate. The burn rate must be exceeded in both. */
export const BurnWindows = z.strictObject({
  burnRate: z.number().gt(0).max(1_000).describe("How many times faster than allowed the error budget is used."),
  longMinutes: minutes,
  shortMinutes: minutes,
  severity: Severity,
});
export type BurnWindows = z.output<typeof BurnWindows>;
/** The pairs of the SRE workbook for an objective over 30 days. */
export const BURN_WINDOWS: readonly BurnWindows[] = [
  { burnRate: 14.4, longMinutes: 60, shortMinutes: 5, severity: "critical" },
  { burnRate: 6, longMinutes: 360, shortMinutes: 30, severity: "critical" },
  { burnRate: 3, longMinutes: 1_440, shortMinutes: 120, severity: "warning" },
  { burnRate: 1, longMinutes: 4_320, shortMinutes: 360, severity: "warning" },
];

/** What makes a monitor fire. */
export const MonitorCondition = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("threshold"),
      direction: z.enum(["above", "below"]).default("above"),
      critical: limit.nullable().default(null),
      warning: limit.nullable().default(null),
      recovery: limit
        .nullable()
        .default(null)
        .describe("The value must pass this to recover. Null is 80 % of the threshold, or 125 % if `below`."),
    })
    .describe("A value beyond a threshold. For a rate, the whole confidence interval must be beyond it."),
  z
    .strictObject({
      kind: z.literal("burn"),
      objective: z.number().min(0.5).lt(1).describe("The share of requests that must be good, such as 0.99."),
      windows: z
        .array(BurnWindows)
        .min(1)
        .max(6)
        .default([...BURN_WINDOWS]),
    })
    .describe("The error budget of an objective is used too fast. Needs a measure that is a rate of bad requests."),
  z
    .strictObject({
      kind: z.literal("change"),
      direction: z.enum(["up", "down", "both"]).default("up"),
      daysBetweenFalseAlarms: z
        .number()
        .min(1)
        .max(3_650)
        .default(30)
        .describe("The mean time between false alarms of a series that does not change, at least."),
      isSeasonal: z.boolean().default(true).describe("Compares with the same hour of the week."),
      learnSince: StoredTime.nullable()
        .default(null)
        .describe("Earlier windows are not learned. Set it after a release that changes the values for good."),
      severity: Severity.default("warning"),
    })
    .describe("A change against the series' past."),
]);
export type MonitorCondition = z.output<typeof MonitorCondition>;

const seconds = (least: number, most: number) => z.number().int().min(least).max(most);

export const NO_DATA_ACTIONS = ["show", "notify", "ok", "keep"] as const;

export const MonitorInput = z.strictObject({
  name: Name,
  description: z.string().max(2_000).default(""),
  source: MonitorSource,
  condition: MonitorCondition,
  windowSeconds: seconds(60, 604_800).default(300).describe("The time range of one value. A burn rate has its own."),
  everySeconds: seconds(60, 86_400).default(60).describe("The time between evaluations."),
  holdFor: z
    .strictObject({ needed: seconds(1, 60), of: seconds(1, 60) })
    .refine(({ needed, of }) => needed <= of, "`needed` must not be more than `of`")
    .default({ needed: 1, of: 1 })
    .describe("A series fires if the condition holds in `needed` of the last `of` evaluations."),
  recoverAfterSeconds: seconds(0, 86_400).default(300).describe("How long a series must be good before it recovers."),
  reopenWithinSeconds: seconds(0, 86_400)
    .default(900)
    .describe("A series that fires again within this time reopens its incident."),
  onNoData: z
    .enum(NO_DATA_ACTIONS)
    .default("show")
    .describe(
      "A series without data: `show` the state, `notify` too, count it as `ok`, or `keep` the state before. `notify` also covers a series that disappears.",
    ),
  labels: AlertLabels.default({}),
  runbookUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .default(null),
  isEnabled: z.boolean().default(true),
});
export type MonitorInput = z.output<typeof MonitorInput>;

export const MonitorPatch = z.strictObject({
  name: MonitorInput.shape.name.optional(),
  description: z.string().max(2_000).optional(),
  source: MonitorSource.optional(),
  condition: MonitorCondition.optional(),
  windowSeconds: seconds(60, 604_800).optional(),
  everySeconds: seconds(60, 86_400).optional(),
  holdFor: MonitorInput.shape.holdFor.unwrap().optional(),
  recoverAfterSeconds: seconds(0, 86_400).optional(),
  reopenWithinSeconds: seconds(0, 86_400).optional(),
  onNoData: z.enum(NO_DATA_ACTIONS).optional(),
  labels: AlertLabels.optional(),
  runbookUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .optional(),
  isEnabled: z.boolean().optional(),
  mutedUntil: StoredTime.nullable().optional().describe("No notifications until then. Null unmutes."),
});
export type MonitorPatch = z.output<typeof MonitorPatch>;
