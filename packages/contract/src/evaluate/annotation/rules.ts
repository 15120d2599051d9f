import { z } from "zod";
import { SpanFilterText } from "../../observe/filter/filter-text.ts";
import { Name, Timestamp } from "../../pages.ts";
import { DriftRecord, DriftTrigger } from "./drift.ts";

const score = z.string().min(1).max(200);
const filter = SpanFilterText.default("").describe(
  "In the filter language for traces. The rule applies to spans that also match this filter.",
);

/** What brings a trace into a queue by itself. */
export const AnnotationTrigger = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("arrivals"),
    filter,
    share: z.number().gt(0).max(1).default(1).describe("The share of matching traces, selected by their ids."),
  }),
  z.strictObject({
    kind: z.literal("novelty"),
    filter,
    share: z.number().gt(0).max(1).default(1).describe("The share of matching traces that are compared."),
    days: z.number().int().min(1).max(30).default(7).describe("The number of days before the span to compare with."),
    below: z
      .number()
      .gt(0)
      .max(1)
      .default(0.6)
      .describe("Adds the span if its highest cosine similarity to any input of those days is lower than this."),
  }),
  z.strictObject({
    kind: z.literal("score"),
    score: score.describe("The name of a score on spans or traces, such as a judge's score."),
    below: z.number().nullable().default(null).describe("Adds the span if the score is lower than this."),
    above: z.number().nullable().default(null).describe("Adds the span if the score is higher than this."),
    filter,
  }),
  z.strictObject({
    kind: z.literal("disagreement"),
    scores: z.array(score).min(2).max(10).describe("Judges that scored the same span."),
    by: z
      .number()
      .gt(0)
      .default(0.5)
      .describe("Adds the span if the highest and lowest scores differ by this much, or if labels differ."),
    filter,
  }),
  z.strictObject({
    kind: z.literal("feedback"),
    names: z.array(score).max(20).default([]).describe("Names of feedback. All names if empty."),
    below: z.number().default(0.5).describe("Feedback with a lower value is negative."),
    filter,
  }),
  DriftTrigger,
]);
export type AnnotationTrigger = z.output<typeof AnnotationTrigger>;

export const AnnotationRuleInput = z.strictObject({
  name: Name,
  trigger: AnnotationTrigger,
  priority: z.number().int().min(-100).max(100).default(0),
  mostPerDay: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(200)
    .describe("The maximum number of items that the rule adds per day (UTC)."),
  isEnabled: z.boolean().default(true),
});
export type AnnotationRuleInput = z.output<typeof AnnotationRuleInput>;

export const AnnotationRulePatch = z.strictObject({
  name: Name.optional(),
  trigger: AnnotationTrigger.optional(),
  priority: z.number().int().min(-100).max(100).optional(),
  mostPerDay: z.number().int().min(1).max(100_000).optional(),
  isEnabled: z.boolean().optional(),
});
export type AnnotationRulePatch = z.output<typeof AnnotationRulePatch>;

export const AnnotationRule = z.object({
  ruleId: z.string(),
  queueId: z.string(),
  name: z.string(),
  trigger: AnnotationTrigger,
  priority: z.number(),
  mostPerDay: z.number(),
  isEnabled: z.boolean(),
  added: z.number().describe("The number of items since the rule was created."),
  addedToday: z.number(),
  lastAddedAt: Timestamp.nullable(),
  lastError: z.string().describe("Why the rule stopped. Empty while it is active."),
  drift: DriftRecord.nullable().describe("The history of a drift rule. Null for other rules."),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type AnnotationRule = z.infer<typeof AnnotationRule>;
