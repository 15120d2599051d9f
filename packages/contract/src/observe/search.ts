import { z } from "zod";
import { defineApi } from "../route.ts";
import { SpanSummary } from "./spans.ts";
import { SpanFilter } from "./traces.ts";

export const searchApi = defineApi({
  "POST /api/v1/spans/similar": {
    name: "findSimilarSpans",
    summary: "Spans whose input or output is similar in meaning to a text, among the newest matching spans",
    permission: "traces:read",
    content: "required",
    body: SpanFilter.omit({ minDurationMs: true, minCostUsd: true, minTokens: true, rootsOnly: true })
      .extend({
        text: z.string().trim().min(2).max(2_000).describe("What to look for, in your own words."),
        candidates: z
          .number()
          .int()
          .min(1)
          .max(2_000)
          .default(500)
          .describe("How many of the newest spans are compared."),
        limit: z.number().int().min(1).max(100).default(20),
      })
      .strict(),
    example: { text: "The customer wants a refund" },
    response: z.object({
      items: z.array(
        z.object({
          similarity: z.number().describe("The cosine similarity. 1 means identical."),
          span: SpanSummary,
        }),
      ),
      comparedSpans: z.number(),
      isPartial: z
        .boolean()
        .describe("True if not all candidates could be compared in time. The next request continues from there."),
    }),
  },
});
