import { z } from "zod";
import { Done, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

export const SCORER_GROUPS = [
  "text",
  "classification",
  "structure",
  "cost",
  "language",
  "judge",
  "rag",
  "agent",
  "safety",
  "code",
  "http",
] as const;
export const SCORER_NEEDS = [
  "expected",
  "documents",
  "tools",
  "messages",
  "metadata",
  "judge",
  "embedding",
  "local-model",
  "sandbox",
  "http",
] as const;
/** `undefined`: there is no score for this sample, such as without an expected answer. `failed`: there should be one. Neither is ever 0. */
export const SCORE_STATES = ["scored", "undefined", "failed"] as const;
export type ScoreState = (typeof SCORE_STATES)[number];

const JsonObject = z.record(z.string(), z.unknown());

/** What a scorer gives. A boolean is 0 or 1; a label has a word beside its value or instead of it. */
export const ScorerOutput = z.object({
  type: z.enum(["number", "boolean", "label"]),
  min: z.number().nullable(),
  max: z.number().nullable(),
  direction: z.enum(["higher", "lower", "none"]).describe("Which way is better; `none` when it only measures."),
  unit: z.string().describe("Such as `ms` or `usd`; empty for a number without one."),
});
export type ScorerOutput = z.infer<typeof ScorerOutput>;

export const ScorerKind = z.object({
  kind: z.string(),
  label: z.string(),
  group: z.enum(SCORER_GROUPS),
  summary: z.string(),
  params: JsonObject.describe("The JSON schema of its parameters; what it gives as defaults may be left out."),
  output: ScorerOutput,
  needs: z.array(z.enum(SCORER_NEEDS)).describe("What a sample or this server must have for a score to exist."),
  isCorpus: z.boolean().describe("The score of many samples is computed from all of them, not the mean of theirs."),
});
export type ScorerKind = z.infer<typeof ScorerKind>;

export const ScorerName = z
  .string()
  .trim()
  .regex(
    /^[\p{L}\p{N}_](?:[\p{L}\p{N} ._-]{0,98}[\p{L}\p{N}_-])?$/u,
    "use letters, digits, spaces, points, hyphens and underscores, at most 100; begin and end with a letter or digit",
  )
  .refine((name) => !name.startsWith("scr_"), "must not begin with `scr_`, as the ids of scorers do");
const kind = z.string().min(1).max(80).describe("An id of `GET /api/v1/scorer-kinds`.");
const params = JsonObject.default({}).describe("What the kind's schema asks for; defaults may be left out.");
const version = z.number().int().min(1).max(1_000_000_000);

/** A stored scorer by its name or id, its newest version unless one is named; or a kind with parameters, stored nowhere. */
export const ScorerRef = z.union([
  z.strictObject({ scorer: z.string().min(1).max(120), version: version.optional() }),
  z.strictObject({
    kind,
    params,
    name: ScorerName.optional().describe("What its scores are called; the kind's id when it is left out."),
  }),
]);
export type ScorerRef = z.output<typeof ScorerRef>;

/** A call of a tool, as the answer made it or as it was expected. */
export const SampleToolCall = z.object({
  name: z.string().max(300),
  arguments: z.unknown().describe("An object, or JSON as text."),
});
export type SampleToolCall = z.infer<typeof SampleToolCall>;

/** One answer to be scored, with all that is known about it. */
export const ScorerSample = z.strictObject({
  input: z.unknown().default(null).describe("The inputs of the item."),
  messages: z
    .array(z.looseObject({ role: z.string().max(40) }))
    .optional()
    .describe("What was sent to the model."),
  output: z.string().describe("The text of the answer; empty when it only calls tools."),
  expected: z.unknown().default(null).describe("Null when nobody said what is expected."),
  documents: z.array(z.string()).max(1_000).optional().describe("What was retrieved, the best first."),
  toolCalls: z.array(SampleToolCall).max(1_000).optional().describe("In the order in which they were made."),
  metadata: JsonObject.default({}),
  model: z.string().max(300).optional().describe("The model that answered."),
  latencyMs: z.number().min(0).nullable().optional(),
  costUsd: z.number().min(0).nullable().optional(),
  inputTokens: z.number().min(0).nullable().optional(),
  outputTokens: z.number().min(0).nullable().optional(),
  tokenLogprobs: z.array(z.number()).optional().describe("Natural logarithms, one for each token of the answer."),
});
export type ScorerSample = z.output<typeof ScorerSample>;

/** What a scorer says of one sample. */
export const Judged = z.object({
  state: z.enum(SCORE_STATES),
  value: z.number().nullable().describe("0 or 1 for a boolean; null unless it is scored."),
  label: z.string().nullable(),
  reason: z.string().describe("Why it is so, or why there is no score."),
  stats: z.array(z.number()).optional().describe("What a score of many samples is computed from, by adding up."),
  details: JsonObject.optional().describe(
    "Of a judge: `rawAnswer`, `parseStatus`, `promptHash`, `traceId`, `spanId`, `isSameFamily`, `isSuspicious`.",
  ),
  costUsd: z.number().nullable().describe("Of the calls that it took; null when a price is unknown."),
  tokens: z.number(),
});
export type Judged = z.infer<typeof Judged>;

const message = z.string().trim().max(2_000).default("").describe("What was changed and why.");
const description = z.string().trim().max(2_000);

/** A scorer with its first version. */
export const ScorerInput = z.strictObject({
  name: ScorerName,
  description: description.default(""),
  kind,
  params,
  message,
});
export type ScorerInput = z.output<typeof ScorerInput>;

export const ScorerVersionInput = z.strictObject({
  params,
  message,
  expectedLatest: version
    .optional()
    .describe("The newest version when this one was written; refused when there is a newer one by now."),
});
export type ScorerVersionInput = z.output<typeof ScorerVersionInput>;

export const ScorerPatch = z.strictObject({
  name: ScorerName.optional(),
  description: description.optional(),
  isArchived: z.boolean().optional().describe("An archived scorer still scores; lists leave it out."),
});
export type ScorerPatch = z.output<typeof ScorerPatch>;

/** A version never changes. */
export const ScorerVersion = z.object({
  version: z.number(),
  params: JsonObject,
  signature: z.string().describe("The method and every option that its score depends on."),
  promptHash: z.string().nullable().describe("SHA-256 of what a judge is told; null for what asks no model."),
  message: z.string(),
  author: z.string(),
  createdAt: Timestamp,
});
export type ScorerVersion = z.infer<typeof ScorerVersion>;

export const Scorer = z.object({
  scorerId: z.string(),
  name: z.string(),
  description: z.string(),
  kind: z.string(),
  output: ScorerOutput,
  latestVersion: z.number(),
  latest: ScorerVersion,
  isArchived: z.boolean(),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Scorer = z.infer<typeof Scorer>;

const one = z.object({ scorerId: z.string().describe("Its id or its name.") });

export const scorersApi = defineApi({
  "GET /api/v1/scorer-kinds": {
    name: "listScorerKinds",
    summary: "The kinds of scorers, with the parameters of each",
    permission: "scorers:read",
    response: z.object({ kinds: z.array(ScorerKind) }),
  },
  "GET /api/v1/scorers": {
    name: "listScorers",
    summary: "The stored scorers by name, each with its newest version",
    permission: "scorers:read",
    query: PageQuery.extend({
      search: z.string().trim().max(200).optional().describe("In names and descriptions."),
      kind: z.string().max(80).optional(),
      archived: z.enum(["exclude", "only", "include"]).default("exclude"),
    }),
    response: pageOf(Scorer),
  },
  "POST /api/v1/scorers": {
    name: "createScorer",
    summary: "Store a scorer with its first version",
    permission: "scorers:write",
    body: ScorerInput,
    response: Scorer,
    status: 201,
  },
  "GET /api/v1/scorers/:scorerId": {
    name: "getScorer",
    summary: "One scorer with its newest version",
    permission: "scorers:read",
    params: one,
    response: Scorer,
  },
  "PATCH /api/v1/scorers/:scorerId": {
    name: "updateScorer",
    summary: "Rename, describe, archive or bring back a scorer",
    permission: "scorers:write",
    params: one,
    body: ScorerPatch,
    response: Scorer,
  },
  "DELETE /api/v1/scorers/:scorerId": {
    name: "deleteScorer",
    summary: "Delete a scorer with all its versions; scores that it gave stay",
    permission: "scorers:write",
    params: one,
    response: Done,
  },
  "GET /api/v1/scorers/:scorerId/versions": {
    name: "listScorerVersions",
    summary: "The versions of a scorer, newest first",
    permission: "scorers:read",
    params: one,
    query: PageQuery,
    response: pageOf(ScorerVersion),
  },
  "POST /api/v1/scorers/:scorerId/versions": {
    name: "createScorerVersion",
    summary: "Add a version; parameters equal to the newest version's make none",
    permission: "scorers:write",
    params: one,
    body: ScorerVersionInput,
    response: Scorer,
    status: 201,
  },
  "POST /api/v1/scorers/try": {
    name: "tryScorer",
    summary: "Score one sample and keep nothing; a judge's calls are paid for",
    permission: "scorers:write",
    body: z.strictObject({ ref: ScorerRef, sample: ScorerSample }),
    response: Judged.extend({ signature: z.string() }),
  },
});
