import { z } from "zod";
import { content } from "../content.ts";
import { Timestamp } from "../pages.ts";

/** One side of a pair. */
export const ShadowAnswer = z.object({
  traceId: z.string(),
  spanId: z.string(),
  status: z.enum(["ok", "error", "cancelled"]),
  errorType: z.string(),
  variant: z.string(),
  model: z.string(),
  text: content(z.string()),
  toolCalls: z
    .array(z.object({ name: z.string(), arguments: content(z.string()) }))
    .describe("The calls that the model proposed. The candidate's are never executed."),
  finishReason: z.string(),
  isValid: z
    .boolean()
    .nullable()
    .describe(
      "Whether the answer has the form that the request demands: JSON, or JSON of a schema. Null if it demands none.",
    ),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number().nullable().describe("Null if the price is unknown."),
  durationMs: z.number(),
  configHash: z.string(),
});
export type ShadowAnswer = z.infer<typeof ShadowAnswer>;

export const SHADOW_MATCHES = ["exact", "json", "tools"] as const;
export type ShadowMatchKey = (typeof SHADOW_MATCHES)[number];

const match = z.boolean().nullable();

export const ShadowPair = z.object({
  pairId: z.string(),
  requestId: z.string(),
  at: Timestamp,
  input: content(
    z.unknown().describe("The messages that the candidate received, with placeholders for personal data."),
  ),
  isContentHidden: z.boolean().optional(),
  isRedacted: z.boolean(),
  primary: ShadowAnswer,
  candidate: ShadowAnswer,
  matches: z.object({
    exact: match.describe("The same text and the same tool calls. Null if a side did not answer."),
    json: match.describe("The same JSON value. Null if an answer is not JSON."),
    tools: match.describe("The same tools with the same arguments, in any order. Null if neither side calls a tool."),
  }),
});
export type ShadowPair = z.infer<typeof ShadowPair>;

const share = z.number().nullable().describe("Null without pairs.");
const interval = z
  .tuple([z.number(), z.number()])
  .nullable()
  .describe("95 %, valid at each look. Null with too few pairs.");
const evidence = z.number().describe("An e-value, valid at each look: 20 and more is evidence at 5 %.");

/** How often the two answers agree. */
export const ShadowMatch = z.object({
  key: z.enum(SHADOW_MATCHES),
  pairs: z.number(),
  matching: z.number(),
  share,
  interval,
});
export type ShadowMatch = z.infer<typeof ShadowMatch>;

export const SHADOW_OUTCOMES = ["answered", "complete", "valid", "calls-tool"] as const;
/** Something that each answer does or does not. */
export const ShadowOutcome = z.object({
  key: z
    .enum(SHADOW_OUTCOMES)
    .describe(
      "`answered`: no error. `complete`: not cut off by a limit. `valid`: the form that the request demands. `calls-tool`: proposes a tool call.",
    ),
  pairs: z.number(),
  primary: share,
  candidate: share,
  primaryOnly: z.number().describe("Pairs in which only the primary does."),
  candidateOnly: z.number(),
  pValue: z.number().describe("McNemar's exact test, for one look."),
  evidence,
});
export type ShadowOutcome = z.infer<typeof ShadowOutcome>;

export const SHADOW_MEASURES = ["latency", "cost", "output-tokens"] as const;
/** A number of each answer, compared within pairs. */
export const ShadowDifference = z.object({
  key: z.enum(SHADOW_MEASURES).describe("`latency` in milliseconds, `cost` in US dollars."),
  pairs: z.number(),
  primary: z.number().nullable().describe("The mean."),
  candidate: z.number().nullable().describe("The mean."),
  difference: z.number().nullable().describe("The mean of candidate minus primary."),
  interval: interval.describe("Of the difference, from 100 pairs on."),
  relative: z
    .number()
    .nullable()
    .describe("The mean of (candidate − primary) / (candidate + primary), from −1 to 1. 0.33 is twice as much."),
  relativeInterval: interval.describe("Of `relative`, by a betting sequence, which is exact for any number of pairs."),
  evidence: evidence.describe("The largest e-value against no relative difference. 20 and more is evidence at 5 %."),
});
export type ShadowDifference = z.infer<typeof ShadowDifference>;

export const ShadowResults = z.object({
  pairs: z.number(),
  primaryConfigurations: z.number().describe("More than 1: the endpoint has changed, so the pairs mix configurations."),
  candidateConfigurations: z.number(),
  matches: z.array(ShadowMatch),
  outcomes: z.array(ShadowOutcome),
  differences: z.array(ShadowDifference),
});
export type ShadowResults = z.infer<typeof ShadowResults>;
