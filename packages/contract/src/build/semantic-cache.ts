import { z } from "zod";
import { Done, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

/** How an endpoint repeats the answers of questions that mean the same. */
export const SemanticCache = z.strictObject({
  ttlSeconds: z
    .number()
    .int()
    .min(60)
    .max(31_536_000)
    .default(86_400)
    .describe("How long an answer can be repeated, in seconds."),
  threshold: z
    .number()
    .min(0.92)
    .max(1)
    .default(0.92)
    .describe("The cosine similarity of two questions from which they can share an answer."),
  falseHitLimit: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.05)
    .describe("The share of false hits above which the cache stops."),
  isShared: z
    .boolean()
    .default(false)
    .describe(
      "Whether all callers of the project share answers. Otherwise each user has separate answers, or each API key where a request names no user.",
    ),
});
export type SemanticCache = z.infer<typeof SemanticCache>;

/** A match that the model answered anyway, with another answer than the cache. */
export const FalseHit = z.object({
  checkedAt: Timestamp,
  kind: z.enum(["normalized", "semantic"]),
  similarity: z.number().describe("The cosine similarity of the two questions."),
  traceId: z.string().describe("The trace of the call that was checked."),
  sourceTraceId: z.string().describe("The trace of the call that the stored answer came from."),
});

/** What the semantic cache of an endpoint does and how often it was wrong, since the last start of its measurement. */
export const SemanticCacheStatus = z.object({
  endpointId: z.string(),
  state: z
    .enum(["off", "measuring", "serving", "stopped"])
    .describe("While it is measuring, every match is answered by the model and compared. After that, 5 % of them are."),
  reason: z.string().nullable().describe("Why the cache stopped; null in any other state."),
  entries: z.number().int().describe("Stored answers that have not expired."),
  hits: z.number().int().describe("Calls that were answered from the cache."),
  checks: z.number().int().describe("Matches that the model answered anyway."),
  checksNeeded: z.number().int().describe("Checks before the cache may serve."),
  falseHits: z.number().int().describe("Checks in which the model's answer was different."),
  falseHitRate: z
    .object({ value: z.number(), low: z.number(), high: z.number() })
    .nullable()
    .describe("The share of false hits with its 95 % interval by Wilson; null without checks."),
  startedAt: Timestamp.nullable().describe("When the measurement started; null before the first match."),
  recentFalseHits: z.array(FalseHit).describe("The newest false hits, at most 20."),
});
export type SemanticCacheStatus = z.infer<typeof SemanticCacheStatus>;

const params = z.object({ endpointId: z.string() });

export const semanticCacheApi = defineApi({
  "GET /api/v1/endpoints/:endpointId/semantic-cache": {
    name: "getSemanticCache",
    summary: "The state of an endpoint's semantic cache, with its hits and false hits",
    permission: "endpoints:read",
    params,
    response: SemanticCacheStatus,
  },
  "POST /api/v1/endpoints/:endpointId/semantic-cache/restart": {
    name: "restartSemanticCache",
    summary: "Start the measurement of an endpoint's semantic cache again",
    description: "Use it after the cache stopped. The counts start at 0. Stored answers remain.",
    permission: "endpoints:write",
    params,
    response: SemanticCacheStatus,
  },
  "DELETE /api/v1/endpoints/:endpointId/semantic-cache/entries": {
    name: "clearSemanticCache",
    summary: "Delete all stored answers of an endpoint's semantic cache",
    permission: "endpoints:write",
    params,
    response: Done,
  },
});
