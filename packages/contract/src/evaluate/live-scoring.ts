import { z } from "zod";
import { content } from "../content.ts";
import { SpanFilterText } from "../observe/filter/filter-text.ts";
import { Done, Name, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { SCORE_STATES, ScorerRef } from "./scorers.ts";

/** `generations`: each answer of a model. `roots`: the first span of a trace, whatever it is. */
export const LIVE_TARGETS = ["generations", "roots"] as const;

/** What scoring may cost on one day (UTC). */
export const LiveBudget = z.strictObject({
  usd: z.number().min(0).max(1_000_000).nullable().default(null).describe("Null for no limit."),
  tokens: z.number().int().min(0).max(1_000_000_000_000).nullable().default(null),
});
export type LiveBudget = z.output<typeof LiveBudget>;

const filter = content(SpanFilterText.describe("In the filter language for traces. Empty for all."), "filter");
const samplingRate = z
  .number()
  .gt(0)
  .max(1)
  .describe("The share of traces that are scored, selected by their ids. All rules select the same traces.");
const scorers = z.array(ScorerRef).min(1).max(20);
const target = z.enum(LIVE_TARGETS);
const isEnabled = z.boolean().describe("A paused rule skips the spans that arrive.");

/** Which of the spans that arrive are scored, by what, and for how much. */
export const LiveRuleInput = z.strictObject({
  name: Name,
  filter: filter.default(""),
  target: target.default("generations"),
  samplingRate: samplingRate.default(1),
  scorers,
  budget: LiveBudget.default({ usd: null, tokens: null }),
  isEnabled: isEnabled.default(true),
});
export type LiveRuleInput = z.output<typeof LiveRuleInput>;

export const LiveRulePatch = z.strictObject({
  name: Name.optional(),
  filter: filter.optional(),
  target: target.optional(),
  samplingRate: samplingRate.optional(),
  scorers: scorers.optional(),
  budget: LiveBudget.optional(),
  isEnabled: isEnabled.optional(),
});
export type LiveRulePatch = z.output<typeof LiveRulePatch>;

export const LiveCounts = z.object({
  scored: z.number(),
  undefined: z.number().describe("The score does not exist for the span. It does not count as zero."),
  failed: z.number().describe("The scorer failed. A backfill tries these spans again."),
  skipped: z.number().describe("The number of spans skipped because the daily budget was used up."),
});
export type LiveCounts = z.infer<typeof LiveCounts>;

export const LiveRule = z.object({
  ruleId: z.string(),
  name: z.string(),
  filter: z.string(),
  target,
  samplingRate: z.number(),
  scorers,
  scoreNames: z.array(z.string()).describe("The names of its scores on spans, in filters and in dashboards."),
  budget: LiveBudget,
  isEnabled: z.boolean(),
  counts: LiveCounts.describe("The number of scores since the rule was created."),
  today: z.object({
    costUsd: z.number().nullable().describe("The cost of today (UTC). Null if a price is unknown."),
    tokens: z.number(),
    isOverBudget: z.boolean(),
  }),
  lastScoredAt: Timestamp.nullable(),
  lastError: z.string().describe("Why the rule stopped. Empty while it is active."),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type LiveRule = z.infer<typeof LiveRule>;

/** One score of one span by a rule. */
export const LiveScore = z.object({
  traceId: z.string(),
  spanId: z.string(),
  name: z.string().describe("The name of the score."),
  state: z.enum(SCORE_STATES),
  value: z.number().nullable(),
  label: z.string().nullable(),
  reason: content(z.string()),
  isContentHidden: z.boolean().optional(),
  costUsd: z.number().nullable(),
  tokens: z.number(),
  scoredAt: Timestamp,
});
export type LiveScore = z.infer<typeof LiveScore>;

const at = z.iso.datetime({ offset: true });
export const LivePreviewInput = z.strictObject({
  filter: filter.default(""),
  target: target.default("generations"),
  samplingRate: samplingRate.default(1),
  from: at.optional().describe("The last 24 hours if omitted."),
  to: at.optional(),
});
export type LivePreviewInput = z.output<typeof LivePreviewInput>;

const one = z.object({ ruleId: z.string() });

export const liveScoringApi = defineApi({
  "GET /api/v1/live-scoring": {
    name: "listLiveRules",
    summary: "The live scoring rules",
    permission: "scorers:read",
    response: pageOf(LiveRule),
  },
  "POST /api/v1/live-scoring": {
    name: "createLiveRule",
    summary: "Create a rule that scores matching spans as they arrive",
    permission: "scorers:write",
    body: LiveRuleInput,
    example: { name: "Helpfulness", scorers: [{ scorer: "helpful" }] },
    response: LiveRule,
    status: 201,
  },
  "POST /api/v1/live-scoring/preview": {
    name: "previewLiveRule",
    summary: "Preview how many spans a rule would have scored",
    permission: "scorers:read",
    body: LivePreviewInput,
    example: { filter: "endpoint:support-chat" },
    response: z.object({
      matching: z.number().describe("Counted up to 100,000."),
      sampled: z.number().describe("The approximate number of spans after sampling."),
    }),
  },
  "GET /api/v1/live-scoring/:ruleId": {
    name: "getLiveRule",
    summary: "One rule with its statistics",
    permission: "scorers:read",
    params: one,
    response: LiveRule,
  },
  "PATCH /api/v1/live-scoring/:ruleId": {
    name: "updateLiveRule",
    summary: "Change, pause or resume a rule",
    permission: "scorers:write",
    params: one,
    body: LiveRulePatch,
    response: LiveRule,
  },
  "DELETE /api/v1/live-scoring/:ruleId": {
    name: "deleteLiveRule",
    summary: "Delete a rule; its scores remain on their spans",
    permission: "scorers:write",
    params: one,
    response: Done,
  },
  "GET /api/v1/live-scoring/:ruleId/scores": {
    name: "listLiveScores",
    summary: "The scores of a rule, newest first, with the reason for each missing score",
    permission: "scorers:read",
    params: one,
    query: PageQuery.extend({ state: z.enum(SCORE_STATES).optional() }),
    response: pageOf(LiveScore),
  },
  "POST /api/v1/live-scoring/:ruleId/backfill": {
    name: "backfillLiveRule",
    summary: "Score matching spans of the past; spans that already have a score are skipped",
    permission: "scorers:write",
    params: one,
    body: z.strictObject({ from: at, to: at.optional().describe("Now if omitted.") }),
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
});
