import { z } from "zod";
import { DriftRecord, DriftTrigger } from "./annotation-drift.ts";
import { Name, Timestamp } from "./pages.ts";
import { SpanFilterText } from "./trace-items.ts";

const score = z.string().min(1).max(200);
const filter = SpanFilterText.default("").describe("In the language of traces; the span must match too.");

/** What brings a trace into a queue by itself. */
export const AnnotationTrigger = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("arrivals"),
    filter,
    share: z.number().gt(0).max(1).default(1).describe("The share of the matching traces, chosen by their ids."),
  }),
  z.strictObject({
    kind: z.literal("novelty"),
    filter,
    share: z.number().gt(0).max(1).default(1).describe("The share of the matching traces that is looked at."),
    days: z.number().int().min(1).max(30).default(7).describe("How many days before it is held against."),
    below: z
      .number()
      .gt(0)
      .max(1)
      .default(0.6)
      .describe("Taken when nothing that was asked in those days is as near in meaning: the largest cosine is lower."),
  }),
  z.strictObject({
    kind: z.literal("score"),
    score: score.describe("The name of a score on spans or traces, such as a judge's."),
    below: z.number().nullable().default(null).describe("Taken when the score is lower than this."),
    above: z.number().nullable().default(null).describe("Taken when the score is higher than this."),
    filter,
  }),
  z.strictObject({
    kind: z.literal("disagreement"),
    scores: z.array(score).min(2).max(10).describe("Judges of the same span."),
    by: z
      .number()
      .gt(0)
      .default(0.5)
      .describe("Taken when the highest and the lowest are so far apart, or labels differ."),
    filter,
  }),
  z.strictObject({
    kind: z.literal("feedback"),
    names: z.array(score).max(20).default([]).describe("Names of feedback; all when empty."),
    below: z.number().default(0.5).describe("Feedback whose value is lower than this is negative."),
    filter,
  }),
  DriftTrigger,
]);
export type AnnotationTrigger = z.output<typeof AnnotationTrigger>;

export const AnnotationRuleInput = z.strictObject({
  name: Name,
  trigger: AnnotationTrigger,
  priority: z.number().int().min(-100).max(100).default(0),
  mostPerDay: z.number().int().min(1).max(100_000).default(200).describe("Items that the rule adds on one day (UTC)."),
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
  added: z.number().describe("Items since the rule was made."),
  addedToday: z.number(),
  lastAddedAt: Timestamp.nullable(),
  lastError: z.string().describe("Why it does not go on; empty when it does."),
  drift: DriftRecord.nullable().describe("What a drift rule has seen; null for the others."),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type AnnotationRule = z.infer<typeof AnnotationRule>;
