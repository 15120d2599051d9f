import { z } from "zod";
import { SpanFilterText } from "../observe/filter/filter-text.ts";
import { Timestamp } from "../pages.ts";
import { BranchName, MAIN_BRANCH, SplitName } from "./datasets.ts";

/** Where in a span a value lies. */
const SpanPath = z
  .string()
  .max(300)
  .regex(
    /^(input|output|input\.messages|output\.message|output\.text|input\.text|tools|parameters|metadata|attributes|attr|feedback|model|name|userId|sessionId|tags)(\.[^.]+)*$/,
    "begin with input, output, tools, parameters, metadata, attributes, model, name, userId, sessionId, tags or feedback",
  )
  .describe(
    "For example `input.messages`, `output.message`, `output.text`, `metadata.tenant`, `attributes.http.route` or `feedback.helpful`.",
  );

const TargetKey = z.string().min(1).max(120);

/** Which value of a span becomes which field of an item. */
export const SpanMapping = z.strictObject({
  inputs: z.record(TargetKey, SpanPath).default({ messages: "input.messages" }),
  expected: SpanPath.nullable().default("output.message").describe("Null for no expected answer."),
  metadata: z.record(TargetKey, SpanPath).default({}),
  split: SplitName.nullable().default(null),
});
export type SpanMapping = z.output<typeof SpanMapping>;

/** A span by its ids. */
export const SpanReference = z.strictObject({
  traceId: z.string().regex(/^[0-9a-f]{32}$/, "must be 32 lower-case hexadecimal digits"),
  spanId: z.string().regex(/^[0-9a-f]{16}$/, "must be 16 lower-case hexadecimal digits"),
});

export const SpanSelection = z.union([
  z.strictObject({
    spans: z.array(SpanReference).min(1).max(1_000),
  }),
  z.strictObject({
    filter: SpanFilterText.default(""),
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
  }),
]);
export type SpanSelection = z.output<typeof SpanSelection>;

export const SAMPLING_KINDS = ["newest", "random", "stratified", "hardest", "diverse"] as const;
/** Which of the spans that match are taken, when there are more than wanted. */
export const Sampling = z.strictObject({
  kind: z.enum(SAMPLING_KINDS).default("newest"),
  size: z.number().int().min(1).max(20_000).default(1_000),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("The same seed selects the same spans."),
  by: SpanPath.optional().describe(
    "For `stratified`: selects an equal number for each value of this field where possible.",
  ),
  score: z
    .string()
    .max(200)
    .optional()
    .describe("For `hardest`: selects the lowest values of this score of the span or its trace."),
});
export type Sampling = z.output<typeof Sampling>;

const content = {
  select: SpanSelection,
  mapping: SpanMapping.default({
    inputs: { messages: "input.messages" },
    expected: "output.message",
    metadata: {},
    split: null,
  }),
  sampling: Sampling.default({ kind: "newest", size: 1_000, seed: 1 }),
};
export const TraceItemsPreviewInput = z.strictObject(content);
export type TraceItemsPreviewInput = z.output<typeof TraceItemsPreviewInput>;
export const TraceItemsInput = z.strictObject({ ...content, branch: BranchName.default(MAIN_BRANCH) });
export type TraceItemsInput = z.output<typeof TraceItemsInput>;

/** New spans that match arrive in the draft by themselves. */
export const LiveLinkInput = z.strictObject({
  branch: BranchName.default(MAIN_BRANCH),
  filter: SpanFilterText,
  mapping: content.mapping,
  share: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe("The share of matching traces to include. The same traces are selected each time."),
  isEnabled: z.boolean().default(true),
});
export type LiveLinkInput = z.output<typeof LiveLinkInput>;

export const LiveLink = z.object({
  liveLinkId: z.string(),
  branch: z.string(),
  filter: z.string(),
  mapping: SpanMapping,
  share: z.number(),
  isEnabled: z.boolean(),
  itemsAdded: z.number(),
  lastError: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type LiveLink = z.infer<typeof LiveLink>;
