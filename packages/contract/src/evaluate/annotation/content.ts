import { z } from "zod";
import { GuardFindingPlace } from "../../build/guard-detectors-api.ts";
import { content as marked } from "../../content.ts";
import { MAIN_BRANCH } from "../../data/datasets.ts";
import { Sampling, SpanSelection } from "../../data/trace-items.ts";
import { JsonValue } from "../../pages.ts";
import { AnnotationKey, AnnotationValues } from "./questions.ts";

export const ANNOTATION_FIELD_KINDS = ["text", "markdown", "messages", "json"] as const;

/** A part of an item's content. It is stored as it was when it was added to the queue. */
export const AnnotationField = z.strictObject({
  key: AnnotationKey,
  title: z.string().trim().max(200).default(""),
  kind: z.enum(ANNOTATION_FIELD_KINDS).default("text"),
  value: marked(JsonValue.describe("A text. For `messages`, a list of chat messages. For `json`, any value.")),
});
export type AnnotationField = z.output<typeof AnnotationField>;

/**
 * The text of a field, to which marked spans refer and with which a correction starts. For messages, their texts with
 * an empty line between them. For JSON, its text with an indent of two spaces.
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
  score: z.number().nullable().default(null).describe("Its confidence."),
  reason: marked(z.string().max(20_000).default("")),
});
export type AnnotationSuggestion = z.output<typeof AnnotationSuggestion>;

export const ANNOTATION_SOURCES = [
  "span",
  "session",
  "dataset",
  "run",
  "comparison",
  "guard-finding",
  "custom",
] as const;

/** Where an item is from; what does not apply is null. */
export const AnnotationSource = z.object({
  type: z.enum(ANNOTATION_SOURCES),
  key: z.string().describe("A queue contains an item of the same source only once."),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
  sessionId: z.string().nullable(),
  datasetId: z.string().nullable(),
  itemId: z.string().nullable().describe("The item of the dataset."),
  runIds: z.array(z.string()).describe("For a comparison, the runs of the candidates, in their order."),
  finding: GuardFindingPlace.optional(),
  labelQuestion: AnnotationKey.optional().describe("The question whose answer becomes the label of the finding."),
});
export type AnnotationSource = z.infer<typeof AnnotationSource>;

const metadata = z.record(z.string().max(120), z.string().max(1_000)).default({});
const share = z.number().gt(0).max(1).nullable().default(null);

/** An item whose content comes with it. */
export const CustomItem = z.strictObject({
  key: z.string().trim().min(1).max(200).describe("A queue contains only one item per key."),
  content: AnnotationContent,
  metadata: metadata.describe("Metadata fields for which agreement can be reported separately."),
  suggestion: AnnotationSuggestion.nullable().default(null),
  gold: AnnotationValues.nullable()
    .default(null)
    .describe("The correct answers. They make the item a test item, which is mixed in at the queue's rate."),
  tolerance: z.number().min(0).max(100).default(0).describe("The allowed error for a number."),
  priority: z.number().int().min(-100).max(100).optional(),
  inclusionProbability: share.describe("The probability of selection. Null if the item was chosen by hand."),
  traceId: z.string().max(64).nullable().default(null),
  spanId: z.string().max(64).nullable().default(null),
});
export type CustomItem = z.output<typeof CustomItem>;

const size = z.number().int().min(1).max(20_000).default(1_000);
const seed = z.number().int().min(0).max(4_294_967_295).default(1);
/** Names of scores by the key of the question that they suggest an answer to. */
export const SuggestingScores = z.record(AnnotationKey, z.string().min(1).max(200));
const suggest = SuggestingScores.default({}).describe(
  "The score whose value is the suggested answer, by the key of the question.",
);
const placed = {
  priority: z.number().int().min(-100).max(100).default(0).describe("Items with a higher priority are assigned first."),
  reason: z.string().max(500).default("").describe("Why these items were selected, for reviewers."),
};

/** Where new items come from. */
export const AnnotationItemsInput = z.discriminatedUnion("from", [
  z.strictObject({ from: z.literal("custom"), items: z.array(CustomItem).min(1).max(1_000), ...placed }),
  z.strictObject({
    from: z.literal("spans"),
    select: SpanSelection,
    sampling: Sampling.default({ kind: "newest", size: 1_000, seed: 1 }).describe(
      "`diverse` requires a dataset. For `random`, the probability of each item is stored.",
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
    runIds: z.array(z.string().max(80)).min(2).max(8).describe("Runs whose answers to the same item are compared."),
    itemIds: z.array(z.string().max(200)).max(20_000).optional(),
    onlyDifferent: z.boolean().default(true).describe("Leave out items to which all runs gave the same answer."),
    size,
    seed,
    ...placed,
  }),
  z.strictObject({
    from: z.literal("guard-findings"),
    previewId: z.string().max(80),
    detector: z.string().max(60).optional(),
    question: AnnotationKey.describe("A yes-or-no question. Yes labels the finding as right."),
    size,
    seed,
    ...placed,
  }),
]);
export type AnnotationItemsInput = z.output<typeof AnnotationItemsInput>;

export const AnnotationItemsAdded = z.object({
  added: z.number(),
  present: z.number().describe("The number of items that the queue had already."),
  skipped: z.number().describe("The number of items without content to show."),
  matching: z.number().nullable().describe("The number of matching items, up to 100,000. Null if nothing was sampled."),
});
export type AnnotationItemsAdded = z.infer<typeof AnnotationItemsAdded>;
