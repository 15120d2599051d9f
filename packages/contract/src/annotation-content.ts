import { z } from "zod";
import { AnnotationKey, AnnotationValues } from "./annotation-questions.ts";
import { MAIN_BRANCH } from "./datasets.ts";
import { Sampling, SpanSelection } from "./trace-items.ts";

export const ANNOTATION_FIELD_KINDS = ["text", "markdown", "messages", "json"] as const;

/** A part of what people look at. It is kept as it was when it came into the queue. */
export const AnnotationField = z.strictObject({
  key: AnnotationKey,
  title: z.string().trim().max(200).default(""),
  kind: z.enum(ANNOTATION_FIELD_KINDS).default("text"),
  value: z.json().describe("A text, for `messages` a list of chat messages, for `json` anything."),
});
export type AnnotationField = z.output<typeof AnnotationField>;

/**
 * The text of a field that marked spans count in and that a correction begins with: of messages their texts, one empty line
 * between two; of JSON its text with two spaces for each level.
 */
export function annotationFieldText({ kind, value }: AnnotationField): string {
  if (kind === "messages" && Array.isArray(value)) return value.map(textOfMessage).join("\n\n");
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function textOfMessage(message: unknown): string {
  if (typeof message !== "object" || message === null || !("content" in message)) return JSON.stringify(message);
  const { content } = message;
  return typeof content === "string" ? content : JSON.stringify(content, null, 2);
}

const fields = z.array(AnnotationField).max(30);

/** An answer that is compared with others. Which model gave it is never shown to those who compare. */
export const AnnotationCandidate = z.strictObject({
  id: z.string().regex(/^[\w.:-]{1,120}$/, "use letters, digits, dots, colons, hyphens and underscores"),
  fields: fields.min(1),
});
export type AnnotationCandidate = z.output<typeof AnnotationCandidate>;

export const AnnotationContent = z.strictObject({
  fields: fields.default([]),
  candidates: z.array(AnnotationCandidate).max(20).default([]),
});
export type AnnotationContent = z.output<typeof AnnotationContent>;

/** What a judge or a model would answer. */
export const AnnotationSuggestion = z.strictObject({
  agent: z.string().max(200).default(""),
  answers: AnnotationValues,
  score: z.number().nullable().default(null).describe("How sure it is."),
  reason: z.string().max(20_000).default(""),
});
export type AnnotationSuggestion = z.output<typeof AnnotationSuggestion>;

export const ANNOTATION_SOURCES = ["span", "session", "dataset", "run", "comparison", "custom"] as const;

/** Where an item is from; what does not apply is null. */
export const AnnotationSource = z.object({
  type: z.enum(ANNOTATION_SOURCES),
  key: z.string().describe("A queue holds an item of one source once."),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
  sessionId: z.string().nullable(),
  datasetId: z.string().nullable(),
  itemId: z.string().nullable().describe("Of the dataset."),
  runIds: z.array(z.string()).describe("Of a comparison those of the candidates, in their order."),
});
export type AnnotationSource = z.infer<typeof AnnotationSource>;

const metadata = z.record(z.string().max(120), z.string().max(1_000)).default({});
const share = z.number().gt(0).max(1).nullable().default(null);

/** An item whose content comes with it. */
export const CustomItem = z.strictObject({
  key: z.string().trim().min(1).max(200).describe("A queue holds one item of a key."),
  content: AnnotationContent,
  metadata: metadata.describe("What agreement can be told apart by."),
  suggestion: AnnotationSuggestion.nullable().default(null),
  gold: AnnotationValues.nullable()
    .default(null)
    .describe("The right answers: the item then tests people, and is mixed in as often as the queue says."),
  tolerance: z.number().min(0).max(100).default(0).describe("How far a number may be off and still be right."),
  priority: z.number().int().min(-100).max(100).optional(),
  inclusionProbability: share.describe("With which chance it was drawn; null when it was chosen."),
  traceId: z.string().max(64).nullable().default(null),
  spanId: z.string().max(64).nullable().default(null),
});
export type CustomItem = z.output<typeof CustomItem>;

const size = z.number().int().min(1).max(20_000).default(1_000);
const seed = z.number().int().min(0).max(4_294_967_295).default(1);
const suggest = z
  .record(AnnotationKey, z.string().min(1).max(200))
  .default({})
  .describe("The score that suggests an answer, by the key of the question.");
const placed = {
  priority: z.number().int().min(-100).max(100).default(0).describe("Higher ones are given out first."),
  reason: z.string().max(500).default("").describe("Why these were chosen, for those who run the queue."),
};

/** Where new items come from. */
export const AnnotationItemsInput = z.discriminatedUnion("from", [
  z.strictObject({ from: z.literal("custom"), items: z.array(CustomItem).min(1).max(1_000), ...placed }),
  z.strictObject({
    from: z.literal("spans"),
    select: SpanSelection,
    sampling: Sampling.default({ kind: "newest", size: 1_000, seed: 1 }).describe(
      "`diverse` is of datasets only. Of `random` the chance of each is kept.",
    ),
    suggest,
    ...placed,
  }),
  z.strictObject({
    from: z.literal("sessions"),
    sessionIds: z.array(z.string().min(1).max(500)).min(1).max(200),
    ...placed,
  }),
  z.strictObject({
    from: z.literal("dataset"),
    datasetId: z.string().max(80),
    version: z.string().max(120).default(MAIN_BRANCH).describe("A version, a tag or a branch."),
    filter: z.string().max(2_000).default(""),
    itemIds: z.array(z.string().max(200)).max(20_000).optional(),
    size,
    seed,
    ...placed,
  }),
  z.strictObject({
    from: z.literal("run"),
    runId: z.string().max(80),
    itemIds: z.array(z.string().max(200)).max(20_000).optional(),
    suggest,
    size,
    seed,
    ...placed,
  }),
  z.strictObject({
    from: z.literal("comparison"),
    runIds: z.array(z.string().max(80)).min(2).max(8).describe("Their answers to the same item are compared."),
    itemIds: z.array(z.string().max(200)).max(20_000).optional(),
    onlyDifferent: z.boolean().default(true).describe("Leave out items that all answered alike."),
    size,
    seed,
    ...placed,
  }),
]);
export type AnnotationItemsInput = z.output<typeof AnnotationItemsInput>;

export const AnnotationItemsAdded = z.object({
  added: z.number(),
  present: z.number().describe("Those that the queue held already."),
  skipped: z.number().describe("Those that have nothing to look at."),
  matching: z.number().nullable().describe("How many matched, up to 100,000; null where nothing was sampled."),
});
export type AnnotationItemsAdded = z.infer<typeof AnnotationItemsAdded>;
