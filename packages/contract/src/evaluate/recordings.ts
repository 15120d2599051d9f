import { z } from "zod";

const JsonObject = z.record(z.string().max(200), z.unknown());

/** A call of a tool as an application recorded it. */
export const RecordedCall = z.object({
  name: z.string().max(300),
  arguments: z.unknown().describe("The arguments as JSON, or as text if they are not JSON."),
  result: z
    .string()
    .max(1_000_000)
    .nullable()
    .describe("The result as the model received it. Null if the recording does not contain it."),
});
export type RecordedCall = z.output<typeof RecordedCall>;

/** What an item of a replay knows about the recorded answer. Items have it in `metadata.recording`. */
export const Recording = z.object({
  inputs: JsonObject.nullable()
    .default(null)
    .describe("The variables of the recorded prompt. Null if the span does not have them."),
  promptMessages: z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe("The number of messages at the beginning that come from the recorded prompt."),
  parameters: JsonObject.default({}).describe("The parameters of the recorded call, such as `seed`."),
  steps: z
    .array(z.object({ calls: z.array(RecordedCall).max(1_000) }))
    .max(1_000)
    .default([])
    .describe("The calls of tools, by the answer of the model that made them."),
});
export type Recording = z.output<typeof Recording>;

const count = z.number().int().min(0).max(1_000_000_000).nullable().default(null);

/** The answer that was recorded for an item. Items have it in `metadata.recordedAnswer`. */
export const RecordedAnswer = z.object({
  output: z.string().max(1_000_000),
  message: z.unknown().default(null).describe("The whole answer in OpenAI's format. Null if it is only text."),
  error: z
    .object({ code: z.string().max(80), message: z.string().max(4_000) })
    .nullable()
    .default(null),
  latencyMs: z.number().min(0).nullable().default(null).describe("Of all calls of the model. Null if one is missing."),
  costUsd: z.number().min(0).nullable().default(null),
  inputTokens: count,
  outputTokens: count,
});
export type RecordedAnswer = z.output<typeof RecordedAnswer>;

/** How a replayed answer made its decisions. */
export const ReplayedAnswer = z.object({
  toolCalls: z.number().describe("The calls of tools that got a recorded result."),
  divergedAt: z.number().nullable().describe("The number of the first call without a recorded result, from 1."),
  decisions: z.number().describe("The decisions that were compared: answers where one of the two calls a tool."),
  sameDecisions: z.number().describe("The decisions with the same tools and arguments as in the recording."),
});
export type ReplayedAnswer = z.infer<typeof ReplayedAnswer>;
