import { z } from "zod";
import { Timestamp } from "../../pages.ts";

/** One part of a segment, such as the model gpt-x. */
const SegmentPart = z.object({
  dimension: z.string().describe("A dimension of Explore. `promptVersion` is NAME@VERSION."),
  value: z.string().describe("Empty for spans without a value."),
});
export type SegmentPart = z.output<typeof SegmentPart>;

const SegmentValue = z.object({
  n: z.number().describe("Spans that count for the measure."),
  share: z.number().nullable().describe("The share of all these spans. Null without spans."),
  value: z.number().nullable().describe("The measure. Null without spans."),
});
export type SegmentValue = z.output<typeof SegmentValue>;

/** Spans with one value of a dimension, or with one value of each of two dimensions, in both time ranges. */
export const IncidentSegment = z.object({
  parts: z.array(SegmentPart),
  now: SegmentValue,
  before: SegmentValue,
  change: z
    .number()
    .describe("The part of the change of the measure that comes from the segment: `rate` and `mix` together."),
  rate: z.number().describe("The part that comes from the segment's changed value."),
  mix: z.number().describe("The part that comes from the segment's changed share of the traffic."),
  q: z
    .number()
    .nullable()
    .describe(
      "The p-value that the segment changed like the rest, adjusted over all tested values by Benjamini and Hochberg. Null with too few spans.",
    ),
  isOutcome: z
    .boolean()
    .describe("The dimension describes the failure itself, such as its error type, so it explains nothing."),
});
export type IncidentSegment = z.output<typeof IncidentSegment>;

const Measured = z.object({
  n: z.number(),
  value: z.number().nullable(),
  lower: z.number().nullable().describe("The ends of the 95 % confidence interval. Null if there is none."),
  upper: z.number().nullable(),
});

/** The measure in the affected time range, and in an earlier time range of the same length. */
export const IncidentComparison = z.object({
  against: z.enum(["before", "week"]).describe("The time just before, or the same time a week earlier."),
  from: Timestamp,
  to: Timestamp,
  now: Measured,
  before: Measured,
  change: z.number().nullable(),
  p: z.number().nullable().describe("The p-value that the measure did not change."),
  tested: z.number().describe("How many values and pairs of values were tested."),
  segments: z.array(IncidentSegment).describe("At most 30, significant ones first, then the largest change first."),
});
export type IncidentComparison = z.output<typeof IncidentComparison>;

const AffectedTrace = z.object({
  traceId: z.string(),
  spanId: z.string(),
  at: Timestamp,
  value: z.number().describe("The span's value: its duration, its score, or 1 for an event."),
  model: z.string(),
  endpoint: z.string(),
  errorType: z.string(),
  chosen: z.enum(["worst", "random"]),
});
export type AffectedTrace = z.output<typeof AffectedTrace>;

const IncidentChange = z.object({
  at: Timestamp,
  kind: z
    .string()
    .describe("The action in the audit log, or `first-seen` for a value that appears for the first time."),
  title: z.string(),
  actor: z.string().describe("Empty for `first-seen`."),
  path: z.string().nullable().describe("A page of the web app."),
  isRelated: z.boolean().describe("It names the worst segment."),
});
export type IncidentChange = z.output<typeof IncidentChange>;

const ProviderStatus = z.object({
  connection: z.string(),
  provider: z.string(),
  model: z.string(),
  attempts: z.number(),
  errorRate: z.number(),
  beforeAttempts: z.number(),
  beforeErrorRate: z.number().nullable(),
  breaker: z.enum(["closed", "open", "half-open"]).describe("The state when the evidence was collected."),
});
export type ProviderStatus = z.output<typeof ProviderStatus>;

const Suggestion = z.object({
  kind: z.enum(["bisect", "rollback", "label"]),
  title: z.string(),
  text: z.string(),
  path: z.string().describe("A page of the web app."),
});
export type IncidentSuggestion = z.output<typeof Suggestion>;

/** What was found out about an incident, without texts of traces. */
export const IncidentEvidence = z.object({
  measure: z.string(),
  unit: z.enum(["ratio", "ms", "score", "count", "tokens", "usd"]),
  events: z.string().describe("The spans that count as affected, in words."),
  sentence: z.string(),
  worst: IncidentSegment.nullable().describe("The segment that the change lies in. Null if none stands out."),
  comparisons: z.array(IncidentComparison),
  affected: z.object({
    traces: z.number(),
    spans: z.number(),
    filter: z
      .string()
      .nullable()
      .describe("The affected spans in the filter language. Null if it cannot express them."),
    items: z.array(AffectedTrace).describe("At most 50: the 25 worst, then random ones."),
  }),
  changes: z.array(IncidentChange).describe("Newest first, from shortly before the affected time range."),
  providers: z.array(ProviderStatus),
  drift: z.array(z.object({ title: z.string(), at: Timestamp, path: z.string() })),
  suggestions: z.array(Suggestion),
});
export type IncidentEvidence = z.output<typeof IncidentEvidence>;

const head = {
  snapshotId: z.string(),
  state: z.enum(["collecting", "ready", "failed"]),
  error: z.string().describe("Why the last try failed. Empty if it did not."),
  from: Timestamp,
  to: Timestamp,
  createdBy: z.string(),
  createdAt: Timestamp,
  collectedAt: Timestamp.nullable(),
};
export const IncidentSnapshotHead = z.object(head);
export type IncidentSnapshotHead = z.output<typeof IncidentSnapshotHead>;

/** Evidence as it was at one time. It does not change after it is ready. */
export const IncidentSnapshot = z.object({ ...head, evidence: IncidentEvidence.nullable() });
export type IncidentSnapshot = z.output<typeof IncidentSnapshot>;
