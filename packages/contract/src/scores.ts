import { z } from "zod";
import { Timestamp } from "./pages.ts";

/** A judgement of a span, or of a whole trace when `spanId` is empty. */
export const Score = z.object({
  traceId: z.string(),
  spanId: z.string().describe("Empty for a score of the whole trace."),
  name: z.string(),
  value: z.number().nullable().describe("Null for a score that is a word."),
  label: z.string(),
  comment: z.string(),
  source: z.string().describe("Where it came from: `otel` inside a span, `api`, `feedback` of a person, and so on."),
  time: Timestamp,
});
export type Score = z.infer<typeof Score>;
