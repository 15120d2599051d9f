import { z } from "zod";
import { defineApi } from "./route.ts";
import { SpanSummary } from "./spans.ts";
import { SpanFilter } from "./traces.ts";

export const searchApi = defineApi({
  "POST /api/v1/spans/similar": {
    name: "findSimilarSpans",
    summary: "Spans whose input or output means something like a text, among the newest that a filter keeps",
    permission: "traces:read",
    body: SpanFilter.omit({ minDurationMs: true, minCostUsd: true, minTokens: true, rootsOnly: true }).extend({
      text: z.string().trim().min(2).max(2_000).describe("What to look for, in your own words."),
      candidates: z
        .number()
        .int()
        .min(1)
        .max(2_000)
        .default(500)
        .describe("How many of the newest spans are compared."),
      limit: z.number().int().min(1).max(100).default(20),
    }),
    response: z.object({
      items: z.array(
        z.object({
          similarity: z.number().describe("The cosine of the angle between the two: 1 is the same."),
          span: SpanSummary,
        }),
      ),
      comparedSpans: z.number(),
      isPartial: z
        .boolean()
        .describe("True when not all candidates could be compared in time; asking again goes on from there."),
    }),
  },
});
