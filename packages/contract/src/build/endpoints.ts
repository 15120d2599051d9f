import { z } from "zod";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { Fallback, FallbackInput, failover, rules, strategy, variantName } from "./routing.ts";
import { SemanticCache } from "./semantic-cache.ts";
import { cacheSeconds, Variant } from "./variants.ts";

const endpointName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, "use lower-case letters, digits, dots, hyphens and underscores, at most 80");

/** Whose requests stay together on one variant. */
export const AssignBy = z.enum(["auto", "user", "session", "conversation", "key", "request"]);
export type AssignBy = z.infer<typeof AssignBy>;

const fallbacks = z
  .array(Fallback)
  .max(20)
  .describe("Tried in the order of their priorities when a variant fails before its first byte.");
const cacheTtlSeconds = cacheSeconds.describe(
  "How long responses are cached, in seconds. 0 turns the exact cache off.",
);
const semanticCache = SemanticCache.nullable().describe(
  "The semantic cache, which also repeats answers to questions in other words. Null turns it off.",
);
const assignBy = AssignBy.describe(
  "What keeps its variant: the user, the session, the conversation (its system message and first user message), the API key, or nothing (`request`). `auto` takes the first of these that a request has. A missing one is replaced by the next. With a strategy other than `weight`, `auto` takes only the session and the conversation.",
);

/** A rollout's share of an endpoint's traffic. The other units are divided among the other variants by their weights. */
export const EndpointRollout = z.object({
  rolloutId: z.string(),
  candidate: variantName,
  control: variantName.describe("The variant that the candidate is compared with."),
  share: z.number().min(0).max(1).describe("The share of units that the candidate gets."),
});
export type EndpointRollout = z.infer<typeof EndpointRollout>;

/** An A/B test's division of an endpoint's traffic. While it runs, the weights do not count. */
export const EndpointAbTest = z.object({
  abTestId: z.string(),
  arms: z.array(z.object({ variant: variantName, share: z.number().min(0).max(1) })),
  adaptive: z
    .object({
      holdout: z.number().min(0).max(1).describe("Units whose bucket is below this are divided by the fixed shares."),
      shares: z.array(z.number().min(0).max(1)).describe("The shares of the other units, in the order of the arms."),
    })
    .nullable()
    .describe("Null for a fixed split."),
});
export type EndpointAbTest = z.infer<typeof EndpointAbTest>;

/** A named function the application calls: callers use its name as the model. */
export const Endpoint = z.object({
  endpointId: z.string(),
  name: endpointName,
  description: z.string().max(1_000),
  variants: z.array(Variant).min(1).max(20),
  strategy,
  rules,
  assignBy,
  failover,
  fallbacks,
  cacheTtlSeconds,
  semanticCache,
  version: z.number().int().min(1).describe("Each change makes a new version, which never changes."),
  configHash: z.string().describe("SHA-256 of what shapes the answers of this version."),
  rollout: EndpointRollout.nullable().describe("The rollout that is running; null for none."),
  abTest: EndpointAbTest.nullable().describe("The A/B test that is running; null for none."),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Endpoint = z.infer<typeof Endpoint>;

/** An endpoint as it was after one change. */
export const EndpointVersion = Endpoint.omit({ rollout: true, abTest: true, createdAt: true, updatedAt: true }).extend({
  actor: z.string().describe("The person or API key that made the version."),
  restoredFrom: z.number().int().nullable().describe("The version that this one repeats."),
  createdAt: Timestamp,
});
export type EndpointVersion = z.infer<typeof EndpointVersion>;

const endpointParams = z.object({ endpointId: z.string() });
export const EndpointInput = z.strictObject({
  name: endpointName,
  description: z.string().max(1_000).default(""),
  variants: z
    .array(Variant.extend({ name: variantName.optional().describe("Left out: made from the model's name.") }))
    .min(1)
    .max(20)
    .describe(
      "A request goes to one variant, by `strategy`. Requests that belong together stay there: see `assignBy`.",
    ),
  strategy: strategy.default("weight"),
  rules: rules.default([]),
  assignBy: assignBy.default("auto"),
  failover: failover.default("fallbacks"),
  fallbacks: z
    .array(FallbackInput)
    .max(20)
    .default([])
    .describe("Tried when a variant fails before its first byte. A plain model name takes over after any failure."),
  cacheTtlSeconds: cacheTtlSeconds.default(0),
  semanticCache: semanticCache.default(null),
});

export const endpointsApi = defineApi({
  "GET /api/v1/endpoints": {
    name: "listEndpoints",
    summary: "The project's endpoints",
    permission: "endpoints:read",
    query: PageQuery,
    response: pageOf(Endpoint),
  },
  "POST /api/v1/endpoints": {
    name: "createEndpoint",
    summary: "Create an endpoint: variants, how one is chosen, and fallbacks",
    permission: "endpoints:write",
    description: "Requests to the gateway name the endpoint as their `model`. The next request can use it.",
    body: EndpointInput,
    example: {
      name: "support-chat",
      variants: [
        { name: "current", model: "openai/gpt-5-mini", weight: 9 },
        { name: "candidate", model: "anthropic/claude-haiku-4-5", weight: 1, parameters: { temperature: 0.2 } },
      ],
      rules: [{ when: [{ fact: "tag", value: "beta" }], variants: ["candidate"] }],
      fallbacks: [
        { model: "openai/gpt-5", on: ["context-length"], priority: 1 },
        { model: "anthropic/claude-haiku-4-5", on: ["rate-limit", "timeout", "unavailable"], priority: 2 },
      ],
    },
    response: Endpoint,
    status: 201,
  },
  "GET /api/v1/endpoints/:endpointId": {
    name: "getEndpoint",
    summary: "One endpoint",
    permission: "endpoints:read",
    params: endpointParams,
    response: Endpoint,
  },
  "PUT /api/v1/endpoints/:endpointId": {
    name: "replaceEndpoint",
    summary: "Replace an endpoint by a new version; the next request uses it",
    permission: "endpoints:write",
    params: endpointParams,
    body: EndpointInput,
    response: Endpoint,
  },
  "DELETE /api/v1/endpoints/:endpointId": {
    name: "deleteEndpoint",
    summary: "Delete an endpoint",
    permission: "endpoints:write",
    params: endpointParams,
    response: Done,
  },
  "GET /api/v1/endpoints/:endpointId/versions": {
    name: "listEndpointVersions",
    summary: "The versions of an endpoint, newest first",
    permission: "endpoints:read",
    params: endpointParams,
    query: PageQuery,
    response: pageOf(EndpointVersion),
  },
  "POST /api/v1/endpoints/:endpointId/restore": {
    name: "restoreEndpointVersion",
    summary: "Make an earlier version of an endpoint the current one",
    description: "Creates a new version with the content of the earlier one. The next request uses it.",
    permission: "endpoints:write",
    params: endpointParams,
    body: z.strictObject({ version: z.number().int().min(1).max(1_000_000_000) }),
    example: { version: 3 },
    response: Endpoint,
  },
});
