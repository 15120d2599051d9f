import { z } from "zod";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

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
  "reward-model",
  "sandbox",
  "http",
] as const;
/** `undefined`: there is no score for this sample, such as without an expected answer. `failed`: there should be one. Neither is ever 0. */
export const SCORE_STATES = ["scored", "undefined", "failed"] as const;
export type ScoreState = (typeof SCORE_STATES)[number];

const JsonObject = z.record(z.string(), z.unknown());

/** The result of a scorer. A boolean is 0 or 1. A label has a word in addition to its value or instead of it. */
export const ScorerOutput = z.object({
  type: z.enum(["number", "boolean", "label"]),
  min: z.number().nullable(),
  max: z.number().nullable(),
  direction: z
    .enum(["higher", "lower", "none"])
    .describe("The better direction. `none` for a value that is neither better nor worse."),
  unit: z.string().describe("For example `ms` or `usd`. Empty for a number without a unit."),
});
export type ScorerOutput = z.infer<typeof ScorerOutput>;

export const ScorerKind = z.object({
  kind: z.string(),
  label: z.string(),
  group: z.enum(SCORER_GROUPS),
  summary: z.string(),
  params: JsonObject.describe("The JSON schema of its parameters. Parameters with a default are optional."),
  output: ScorerOutput,
  needs: z.array(z.enum(SCORER_NEEDS)).describe("What a sample or this server must provide so that the score exists."),
  isCorpus: z
    .boolean()
    .describe("The score of many samples is computed from all of them. It is not the mean of their scores."),
});
export type ScorerKind = z.infer<typeof ScorerKind>;

export const ScorerName = z
  .string()
  .trim()
  .regex(
    /^[\p{L}\p{N}_](?:[\p{L}\p{N} ._-]{0,98}[\p{L}\p{N}_-])?$/u,
    "use letters, digits, spaces, points, hyphens and underscores, at most 100; begin and end with a letter or digit",
  )
  .refine((name) => !name.startsWith("scr_"), "must not start with `scr_`, which ids of scorers use");
const kind = z.string().min(1).max(80).describe("An id of `GET /api/v1/scorer-kinds`.");
/** Parameters of a scorer, by the schema of its kind. */
export const ScorerParams = JsonObject.describe("Follows the schema of the kind.");
const params = ScorerParams.default({}).describe(
  "Parameters that follow the kind's schema. Those with a default are optional.",
);
const version = z.number().int().min(1).max(1_000_000_000);

/** A stored scorer by its name or id, its newest version unless one is named; or a kind with parameters, stored nowhere. */
export const ScorerRef = z.union([
  z.strictObject({ scorer: z.string().min(1).max(120), version: version.optional() }),
  z.strictObject({
    kind,
    params,
    name: ScorerName.optional().describe("The name of its scores. The kind's id if omitted."),
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
    .describe("The input of the model."),
  output: z.string().describe("The text of the answer. Empty if it only calls tools."),
  expected: z.unknown().default(null).describe("Null if there is no expected answer."),
  isBlocked: z.boolean().optional().describe("Whether a guard or a content filter blocked the request or the answer."),
  documents: z.array(z.string()).max(1_000).optional().describe("The retrieved documents, best first."),
  toolCalls: z.array(SampleToolCall).max(1_000).optional().describe("In the order of the calls."),
  metadata: JsonObject.default({}),
  model: z.string().max(300).optional().describe("The model that answered."),
  latencyMs: z.number().min(0).nullable().optional(),
  costUsd: z.number().min(0).nullable().optional(),
  inputTokens: z.number().min(0).nullable().optional(),
  outputTokens: z.number().min(0).nullable().optional(),
  tokenLogprobs: z.array(z.number()).optional().describe("Natural logarithms, one per token of the answer."),
});
export type ScorerSample = z.output<typeof ScorerSample>;

/** The result of a scorer for one sample. */
export const Judged = z.object({
  state: z.enum(SCORE_STATES),
  value: z.number().nullable().describe("0 or 1 for a boolean. Null unless the state is `scored`."),
  label: z.string().nullable(),
  reason: z.string().describe("The reason for the score, or why there is none."),
  stats: z.array(z.number()).optional().describe("Values that are added up to compute a score of many samples."),
  details: JsonObject.optional().describe(
    "For a judge: `rawAnswer`, `parseStatus`, `promptHash`, `traceId`, `spanId`, `isSameFamily`, `isSuspicious`.",
  ),
  costUsd: z.number().nullable().describe("The cost of its calls. Null if a price is unknown."),
  tokens: z.number(),
});
export type Judged = z.infer<typeof Judged>;

const message = z.string().trim().max(2_000).default("").describe("What changed and why.");
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
    .describe("The newest version when this version was written. The request is rejected if there is a newer version."),
});
export type ScorerVersionInput = z.output<typeof ScorerVersionInput>;

export const ScorerPatch = z.strictObject({
  name: ScorerName.optional(),
  description: description.optional(),
  isArchived: z.boolean().optional().describe("An archived scorer can still be used. Lists do not show it."),
});
export type ScorerPatch = z.output<typeof ScorerPatch>;

/** A version never changes. */
export const ScorerVersion = z.object({
  version: z.number(),
  params: JsonObject,
  signature: z.string().describe("The method and all options that affect the score."),
  promptHash: z
    .string()
    .nullable()
    .describe("SHA-256 of the judge's instructions. Null for a scorer that does not call a model."),
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

const one = z.object({ scorerId: z.string().describe("Its id or name.") });

export const scorersApi = defineApi({
  "GET /api/v1/scorer-kinds": {
    name: "listScorerKinds",
    summary: "The kinds of scorers, with the parameters of each kind",
    permission: "scorers:read",
    response: pageOf(ScorerKind),
  },
  "GET /api/v1/scorers": {
    name: "listScorers",
    summary: "The stored scorers by name, each with its newest version",
    permission: "scorers:read",
    query: PageQuery.extend({
      search: z.string().trim().max(200).optional().describe("Text to find in names and descriptions."),
      kind: z.string().max(80).optional(),
      archived: z.enum(["exclude", "only", "include"]).default("exclude"),
    }),
    response: pageOf(Scorer),
  },
  "POST /api/v1/scorers": {
    name: "createScorer",
    summary: "Create a scorer with its first version",
    permission: "scorers:write",
    body: ScorerInput,
    example: { name: "Exact answer", kind: "exact-match" },
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
    summary: "Change the name, description or archive state of a scorer",
    permission: "scorers:write",
    params: one,
    body: ScorerPatch,
    response: Scorer,
  },
  "DELETE /api/v1/scorers/:scorerId": {
    name: "deleteScorer",
    summary: "Delete a scorer with all its versions; its scores remain",
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
    summary: "Add a version; no version is created if the parameters equal the newest version",
    permission: "scorers:write",
    params: one,
    body: ScorerVersionInput,
    response: Scorer,
    status: 201,
  },
  "POST /api/v1/scorers/try": {
    name: "tryScorer",
    summary: "Score one sample without storing the result; calls of a judge cost money",
    permission: "scorers:write",
    body: z.strictObject({ ref: ScorerRef, sample: ScorerSample }),
    example: { ref: { kind: "exact-match" }, sample: { output: "Paris", expected: "Paris" } },
    response: Judged.extend({ signature: z.string() }),
  },
});
