import { z } from "zod";
import { MOST_INTEGER } from "../../numbers.ts";

/** A key of a question, an option or a field, as answers and exports name it. */
export const AnnotationKey = z
  .string()
  .regex(/^[A-Za-z][\w.-]{0,59}$/, "start with a letter, then use letters, digits, dots, hyphens and underscores");

const OptionValue = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .refine((text) => !text.includes("\0"), "must not contain a NUL character");

export const AnnotationOption = z.strictObject({
  value: OptionValue.describe("The value in answers."),
  label: z.string().trim().max(200).default("").describe("The text on the screen. If empty, the value is shown."),
  help: z.string().max(2_000).default(""),
});
export type AnnotationOption = z.output<typeof AnnotationOption>;

const options = z
  .array(AnnotationOption)
  .min(2)
  .max(100)
  .refine((all) => new Set(all.map(({ value }) => value)).size === all.length, "two options have the same value");

/** What the steps of a scale mean, by their number. */
export const ScaleLabels = z.record(z.string(), z.string().max(200));
/** An earlier question and the answers to it after which a question is asked. */
export const AnnotationCondition = z.strictObject({
  question: AnnotationKey,
  oneOf: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
});

/** When a question is shown; null for always. */
export const ShownIf = AnnotationCondition.nullable()
  .default(null)
  .describe("Shown only if an earlier question has one of these answers.");

const base = {
  key: AnnotationKey,
  title: z.string().trim().min(1).max(300),
  help: z.string().max(5_000).default(""),
  isRequired: z.boolean().default(true),
  dependsOn: ShownIf,
};
const field = AnnotationKey.describe("The key of a field of the item, such as `output`.");
const step = z.number().int().min(0).max(100);

export const RubricCriterion = z.strictObject({
  key: AnnotationKey,
  title: z.string().trim().min(1).max(300),
  help: z.string().max(2_000).default(""),
});

/** The questions about each item. */
export const AnnotationQuestion = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("binary"),
    ...base,
    yes: z.string().trim().min(1).max(60).default("Yes"),
    no: z.string().trim().min(1).max(60).default("No"),
  }),
  z.strictObject({ type: z.literal("label"), ...base, options }),
  z.strictObject({
    type: z.literal("multilabel"),
    ...base,
    options,
    min: z.number().int().min(0).max(100).default(0),
    max: z.number().int().min(1).max(100).nullable().default(null),
  }),
  z.strictObject({
    type: z.literal("rating"),
    ...base,
    min: step.default(1),
    max: step.default(5),
    labels: ScaleLabels.default({}).describe("The meaning of each step, by its number."),
  }),
  z.strictObject({
    type: z.literal("text"),
    ...base,
    maxLength: z.number().int().min(1).max(100_000).default(20_000),
  }),
  z.strictObject({ type: z.literal("span"), ...base, field, options, allowsOverlap: z.boolean().default(false) }),
  z.strictObject({
    type: z.literal("ranking"),
    ...base,
    options: options.nullable().default(null).describe("The options to rank. Null ranks the item's candidates."),
    allowsTies: z.boolean().default(true),
  }),
  z.strictObject({
    type: z.literal("pairwise"),
    ...base,
    allowsTie: z.boolean().default(true),
    allowsNeither: z.boolean().default(false).describe("Adds the answer that both are bad."),
  }),
  z.strictObject({ type: z.literal("correction"), ...base, field }),
  z.strictObject({
    type: z.literal("rubric"),
    ...base,
    criteria: z
      .array(RubricCriterion)
      .min(1)
      .max(30)
      .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, "two criteria have the same key"),
    min: step.default(1),
    max: step.default(5),
    labels: ScaleLabels.default({}),
  }),
]);
export type AnnotationQuestion = z.output<typeof AnnotationQuestion>;
export type AnnotationQuestionType = AnnotationQuestion["type"];

export const AnnotationQuestions = z.array(AnnotationQuestion).min(1).max(50);

/** A marked range of a field. Positions count UTF-16 units, as in JavaScript. The end is exclusive. */
export const MarkedSpan = z.strictObject({
  start: z.number().int().min(0).max(MOST_INTEGER),
  end: z.number().int().min(1).max(MOST_INTEGER),
  label: OptionValue,
});
export type MarkedSpan = z.output<typeof MarkedSpan>;

export const PAIRWISE_SIDES = ["left", "right", "tie", "neither"] as const;

/**
 * binary: true or false. label, text, correction: a text. multilabel: texts. rating: a number. span: marked spans.
 * ranking: groups with the same rank, best first, such as [["2"],["1","3"]]. rubric: a number per criterion. pairwise:
 * `left`, `right`, `tie` or `neither` as shown on the screen. Stored answers name candidates, not sides.
 */
export const AnnotationValue = z.union([
  z.boolean(),
  z.number(),
  z.string().max(1_000_000),
  z.array(z.string().max(1_000)).max(200),
  z.array(MarkedSpan).max(2_000),
  z.array(z.array(z.string().max(1_000)).max(200)).max(200),
  z.record(AnnotationKey, z.number()),
]);
export type AnnotationValue = z.output<typeof AnnotationValue>;

/** Answers by the keys of their questions. */
export const AnnotationValues = z.record(AnnotationKey, AnnotationValue);
export type AnnotationValues = z.output<typeof AnnotationValues>;
