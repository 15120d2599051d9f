import { z } from "zod";
import { content } from "../../content.ts";
import { SpanFilterText } from "../../observe/filter/filter-text.ts";
import { Timestamp } from "../../pages.ts";

/** What two times are held against each other by. */
export const DriftColumn = z.discriminatedUnion("of", [
  z.strictObject({ of: z.literal("question") }).describe("The meaning of the input, by embeddings."),
  z.strictObject({ of: z.literal("answer") }).describe("The meaning of the output, by embeddings."),
  z.strictObject({ of: z.literal("length") }).describe("The length of the answer in characters."),
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
  filter: SpanFilterText.default("").describe(
    "Applies to the window and the reference, in the filter language for traces.",
  ),
  windowHours: z
    .number()
    .int()
    .min(1)
    .max(336)
    .default(24)
    .describe("The length of a window. Each window is tested once, after it ends."),
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
    .describe("The highest probability of a false alarm per window, over all columns."),
  leastPsi: z
    .number()
    .min(0)
    .max(10)
    .default(0.1)
    .describe("The lowest PSI above its noise for lengths, scores and categories. 0.1 is a moderate shift."),
  leastMmd: z.number().min(0).max(2).default(0).describe("The lowest MMD² for embeddings."),
  share: z.number().gt(0).max(0.5).default(0.05).describe("The share of the window's sample to add to the queue."),
});
export type DriftTrigger = z.output<typeof DriftTrigger>;

export const DRIFT_OUTCOMES = ["drift", "steady", "too-little"] as const;

/** How one column of the window differs from the reference days. */
export const DriftFinding = z.object({
  column: DriftColumn,
  test: z.enum(["mmd", "ks", "psi"]).describe("MMD by permutation, Kolmogorov–Smirnov, or PSI by permutation."),
  outcome: z.enum(DRIFT_OUTCOMES),
  window: z.number().describe("The number of conversations in the window that have this column."),
  reference: z.number(),
  lacks: z
    .object({ window: z.number(), reference: z.number() })
    .describe("The number of further conversations that the test requires."),
  change: z.number().nullable().describe("MMD² for embeddings, otherwise the PSI above its noise."),
  pValue: z.number().nullable(),
  adjustedP: z.number().nullable().describe("Corrected by Holm over all tested columns."),
});
export type DriftFinding = z.infer<typeof DriftFinding>;

export const DriftReport = z.object({
  outcome: z.enum(DRIFT_OUTCOMES),
  referenceFrom: Timestamp,
  from: Timestamp.describe("Where the reference ends and the window starts."),
  to: Timestamp,
  lookedAt: Timestamp,
  findings: z.array(DriftFinding),
  taken: z.number().describe("The spans that differ most from the reference. Empty if nothing drifted."),
});
export type DriftReport = z.infer<typeof DriftReport>;

/** What a drift rule has seen so far. */
export const DriftRecord = z.object({
  looks: z.number().describe("The number of windows with enough data to test."),
  alarms: z.number().describe("The number of tested windows with drift. By chance alone, expect a share of `alpha`."),
  last: DriftReport.nullable(),
  nextAt: Timestamp.describe("When the next window is tested."),
});
export type DriftRecord = z.infer<typeof DriftRecord>;

/** What a look at the newest window finds, before a rule is made. */
export const DriftPreview = DriftReport.extend({
  spans: z
    .array(z.object({ traceId: z.string(), spanId: z.string(), preview: content(z.string()), reason: z.string() }))
    .describe("The spans that the rule would add to the queue."),
});
export type DriftPreview = z.infer<typeof DriftPreview>;
