import { z } from "zod";
import { Timestamp } from "./pages.ts";
import { SpanFilterText } from "./trace-items.ts";

/** What two times are held against each other by. */
export const DriftColumn = z.discriminatedUnion("of", [
  z.strictObject({ of: z.literal("question") }).describe("The meaning of what was asked, by embeddings."),
  z.strictObject({ of: z.literal("answer") }).describe("The meaning of what was answered, by embeddings."),
  z.strictObject({ of: z.literal("length") }).describe("Characters of the answer."),
  z.strictObject({ of: z.literal("score"), score: z.string().min(1).max(200).describe("The name of a score.") }),
  z.strictObject({
    of: z.literal("category"),
    by: z
      .string()
      .max(200)
      .regex(
        /^(model|name|endpoint|environment|status|promptVersion|release|metadata\..+)$/,
        "write model, name, endpoint, environment, status, promptVersion, release or metadata.KEY",
      ),
  }),
]);
export type DriftColumn = z.output<typeof DriftColumn>;

/** A window of traffic against the days before it: what has become unlike them comes into the queue. */
export const DriftTrigger = z.strictObject({
  kind: z.literal("drift"),
  filter: SpanFilterText.default("").describe("Of both times, in the language of traces."),
  windowHours: z.number().int().min(1).max(336).default(24).describe("Each window is looked at once, when it is over."),
  referenceDays: z.number().int().min(1).max(90).default(7).describe("The days just before the window."),
  columns: z
    .array(DriftColumn)
    .min(1)
    .max(8)
    .default([{ of: "question" }, { of: "answer" }]),
  alpha: z
    .number()
    .min(0.005)
    .max(0.2)
    .default(0.01)
    .describe("How often a window in which nothing drifted may be called drifted, over all columns."),
  leastPsi: z
    .number()
    .min(0)
    .max(10)
    .default(0.1)
    .describe("Lengths, scores and categories must have a stability index so far above its noise; 0.1 is moderate."),
  leastMmd: z.number().min(0).max(2).default(0).describe("Meanings must have a squared mean discrepancy of so much."),
  share: z.number().gt(0).max(0.5).default(0.05).describe("The share of the window's sample that is taken."),
});
export type DriftTrigger = z.output<typeof DriftTrigger>;

export const DRIFT_OUTCOMES = ["drift", "steady", "too-little"] as const;

/** How one column of the window differs from that of the days before. */
export const DriftFinding = z.object({
  column: DriftColumn,
  test: z
    .enum(["mmd", "ks", "psi"])
    .describe("Permuted mean discrepancy, Kolmogorov–Smirnov, or permuted stability index."),
  outcome: z.enum(DRIFT_OUTCOMES),
  window: z.number().describe("How many of the window have it, one for each conversation."),
  reference: z.number(),
  lacks: z.object({ window: z.number(), reference: z.number() }).describe("How many more are needed to tell."),
  change: z.number().nullable().describe("MMD² of meanings, otherwise the stability index above its noise."),
  pValue: z.number().nullable(),
  adjustedP: z.number().nullable().describe("By Holm, over all columns that could be told."),
});
export type DriftFinding = z.infer<typeof DriftFinding>;

export const DriftReport = z.object({
  outcome: z.enum(DRIFT_OUTCOMES),
  referenceFrom: Timestamp,
  from: Timestamp.describe("Where the reference ends and the window begins."),
  to: Timestamp,
  lookedAt: Timestamp,
  findings: z.array(DriftFinding),
  taken: z.number().describe("Spans that are most unlike the reference; none unless something drifted."),
});
export type DriftReport = z.infer<typeof DriftReport>;

/** What a drift rule has seen so far. */
export const DriftRecord = z.object({
  looks: z.number().describe("Windows that could be told."),
  alarms: z.number().describe("Those of them that had drifted; chance alone brings about `alpha` of the looks."),
  last: DriftReport.nullable(),
  nextAt: Timestamp.describe("When the next window is looked at."),
});
export type DriftRecord = z.infer<typeof DriftRecord>;

/** What a look at the newest window finds, before a rule is made. */
export const DriftPreview = DriftReport.extend({
  spans: z
    .array(z.object({ traceId: z.string(), spanId: z.string(), preview: z.string(), reason: z.string() }))
    .describe("What would come into the queue."),
});
export type DriftPreview = z.infer<typeof DriftPreview>;
