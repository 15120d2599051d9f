import { z } from "zod";

/** What ordinary traffic shows about a model on one day, without calls of a probe. */
export const ModelSignal = z.object({
  day: z.string().describe("UTC, such as 2026-12-01."),
  connection: z.string(),
  model: z.string(),
  calls: z.number(),
  responseModels: z.array(z.string()).describe("The model names in the answers."),
  fingerprints: z.array(z.string()).describe("The values of `system_fingerprint` in the answers."),
  tokenRatio: z
    .number()
    .nullable()
    .describe("The input tokens of the same texts, divided by the first day. Null without a repeated text."),
  tokensPerSecond: z.number().nullable().describe("The median output speed."),
  changes: z.array(z.enum(["model", "fingerprint", "tokens", "speed"])).describe("What differs from the day before."),
});
export type ModelSignal = z.output<typeof ModelSignal>;
