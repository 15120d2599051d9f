import { z } from "zod";
import { content } from "../content.ts";
import { Timestamp } from "../pages.ts";

/** A judgement of a span, or of a whole trace when `spanId` is empty. */
export const Score = z.object({
  traceId: z.string(),
  spanId: z.string().describe("Empty for a score of the whole trace."),
  name: z.string(),
  value: z.number().nullable().describe("Null for a score that is a label."),
  label: z.string(),
  comment: content(z.string()),
  source: z.string().describe("Its source: `otel` in a span, `api`, `feedback` of a person, and others."),
  time: Timestamp,
});
export type Score = z.infer<typeof Score>;
