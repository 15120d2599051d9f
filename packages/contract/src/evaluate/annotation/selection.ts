import { z } from "zod";
import { content } from "../../content.ts";
import { SpanFilterText } from "../../observe/filter/filter-text.ts";
import { defineApi } from "../../route.ts";
import { AnnotationItemsAdded } from "./content.ts";

const at = z.iso.datetime({ offset: true });
const weight = z.number().min(0).max(10);

export const SELECTION_REASONS = ["random", "uncertain", "disagreement", "important", "unlike"] as const;
export type SelectionReason = (typeof SELECTION_REASONS)[number];

/** Which spans are worth a person's minute. */
export const SelectionInput = z.strictObject({
  filter: SpanFilterText.default(""),
  from: at.optional(),
  to: at.optional(),
  size: z.number().int().min(1).max(1_000).default(50),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  randomShare: z
    .number()
    .min(0.2)
    .max(1)
    .default(0.3)
    .describe("The share that is selected at random. Without it, labels cannot estimate a rate of all spans."),
  judges: z
    .array(z.string().min(1).max(200))
    .max(10)
    .default([])
    .describe("Names of scores. Spans with uncertain or conflicting scores come first."),
  passAt: z.number().default(0.5).describe("The threshold between bad and good scores of a judge."),
  importance: z
    .string()
    .max(120)
    .regex(/^(metadata\..+|cost|tokens)$/, "use `metadata.KEY` with a number, `cost` or `tokens`")
    .optional()
    .describe("The relative value of a span."),
  weights: z
    .strictObject({
      uncertain: weight.default(1),
      disagreement: weight.default(1),
      important: weight.default(0.5),
      unlike: weight.default(0.5),
    })
    .prefault({}),
  secondsEach: z.number().min(1).max(3_600).default(30).describe("The time that a person needs per span."),
  label: z
    .string()
    .max(200)
    .optional()
    .describe("The name of the score that people give, to count the labels that exist."),
  queueId: z.string().max(80).optional().describe("The queue to add the spans to. If omitted, nothing changes."),
});
export type SelectionInput = z.output<typeof SelectionInput>;

export const SelectedSpan = z.object({
  traceId: z.string(),
  spanId: z.string(),
  name: z.string(),
  preview: content(z.string()),
  reason: z.enum(SELECTION_REASONS),
  worth: z.number().describe("From 0 to 1, by the weights."),
  parts: z.record(z.string(), z.number()),
  inclusionProbability: z
    .number()
    .describe("The probability of selection. Its inverse is the span's weight in a mean."),
});
export type SelectedSpan = z.infer<typeof SelectedSpan>;

export const Selection = z.object({
  matching: z.number().describe("The number of matching spans, counted up to 100,000."),
  considered: z.number().describe("The number of random candidates among the matching spans."),
  spans: z.array(SelectedSpan),
  gain: z.object({
    minutes: z.number(),
    labelled: z.number().describe("The estimated number of spans with the score `label`, from the random candidates."),
    widthNow: z
      .number()
      .describe("The width of the 95 % interval of a rate over all matching spans. 1 if there are no labels."),
    widthAfter: z.number(),
    perMinute: z.number().describe("How much one minute of work narrows the interval."),
  }),
  added: AnnotationItemsAdded.nullable().describe("The result of adding the spans to the queue."),
});
export type Selection = z.infer<typeof Selection>;

export const selectionApi = defineApi({
  "POST /api/v1/annotation-selection": {
    name: "selectForAnnotation",
    summary: "Select the most informative spans to label, with the probability of each and the expected precision",
    permission: "annotation:write",
    body: SelectionInput,
    example: { filter: "endpoint:support-chat" },
    response: Selection,
  },
});
