import { z } from "zod";
import { AnnotationItemsAdded } from "./annotation-content.ts";
import { defineApi } from "./route.ts";
import { SpanFilterText } from "./trace-items.ts";

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
    .describe("The share that is drawn by chance; without it no rate of all spans can be told from what people say."),
  judges: z
    .array(z.string().min(1).max(200))
    .max(10)
    .default([])
    .describe("Names of scores: unsure ones, and spans where they differ, come first."),
  passAt: z.number().default(0.5).describe("Where a judge's score turns from bad to good."),
  importance: z
    .string()
    .max(120)
    .regex(/^(metadata\..+|cost|tokens)$/, "write `metadata.KEY` of a number, `cost` or `tokens`")
    .optional()
    .describe("What a span is worth."),
  weights: z
    .strictObject({
      uncertain: weight.default(1),
      disagreement: weight.default(1),
      important: weight.default(0.5),
      unlike: weight.default(0.5),
    })
    .prefault({}),
  secondsEach: z.number().min(1).max(3_600).default(30).describe("How long a person needs for one."),
  label: z.string().max(200).optional().describe("The score that people give, to count what is labelled already."),
  queueId: z.string().max(80).optional().describe("Puts them into this queue; left out, nothing is changed."),
});
export type SelectionInput = z.output<typeof SelectionInput>;

export const SelectedSpan = z.object({
  traceId: z.string(),
  spanId: z.string(),
  name: z.string(),
  preview: z.string(),
  reason: z.enum(SELECTION_REASONS),
  worth: z.number().describe("From 0 to 1, by the weights."),
  parts: z.record(z.string(), z.number()),
  inclusionProbability: z.number().describe("The chance with which it came in; 1 / this is its weight in a mean."),
});
export type SelectedSpan = z.infer<typeof SelectedSpan>;

export const Selection = z.object({
  matching: z.number().describe("Spans that match, counted up to 100,000."),
  considered: z.number().describe("Drawn by chance from those, to choose among."),
  spans: z.array(SelectedSpan),
  gain: z.object({
    minutes: z.number(),
    labelled: z.number().describe("Spans that people gave the score `label`, by those that were drawn."),
    widthNow: z
      .number()
      .describe("Of the interval of 95 % of a rate over all that match; 1 where nothing is labelled."),
    widthAfter: z.number(),
    perMinute: z.number().describe("By how much a minute narrows it."),
  }),
  added: AnnotationItemsAdded.nullable().describe("What became of them in the queue."),
});
export type Selection = z.infer<typeof Selection>;

export const selectionApi = defineApi({
  "POST /api/v1/annotation-selection": {
    name: "selectForAnnotation",
    summary: "Which spans are worth a person's minute, with the chance of each, and what the minutes bring",
    permission: "annotation:write",
    body: SelectionInput,
    response: Selection,
  },
});
