import { z } from "zod";
import { Done, JsonValue, Name, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { variantName } from "./routing.ts";

/** Where a text comes from. */
export const GuardTrust = z.enum(["system", "user", "retrieved", "tool-result", "tool-arguments", "output"]);
export type GuardTrust = z.infer<typeof GuardTrust>;
const ACTIONS = ["observe", "flag", "mask", "redact", "block"] as const;
const GuardAction = z.enum(ACTIONS);
const NotScanned = z.enum(["too-long", "failed", "unknown-content"]);
const GuardFailure = z.enum(["open", "closed"]);

const detectorName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/, "use lower-case letters, digits and hyphens, at most 60")
  .describe("The name of a detector, such as `secrets`.");

/** A rule of a policy. */
export const GuardRule = z.strictObject({
  detector: detectorName,
  options: z.record(z.string().max(60), JsonValue).default({}).describe("The options of the detector."),
  scopes: z
    .array(GuardTrust)
    .min(1)
    .max(6)
    .default([...GuardTrust.options])
    .describe("The texts that the rule reads, by their source. `output` includes earlier answers in a conversation."),
  action: GuardAction.default("observe").describe(
    "What happens to a finding. `observe` and `flag` record it. `mask` replaces it by a placeholder that is restored for the caller, `redact` by its kind. `block` rejects the request, or ends the answer.",
  ),
  threshold: z.number().min(0).max(1).default(0.5).describe("Findings with a lower score do not count."),
  failure: z
    .strictObject({
      "too-long": GuardFailure.optional(),
      failed: GuardFailure.optional(),
      "unknown-content": GuardFailure.optional(),
    })
    .default({})
    .describe(
      "What happens to content that was not scanned: `open` lets it pass, `closed` blocks it. By default, a text that is too long and a detector that failed are closed for `mask`, `redact` and `block`. Everything else is open.",
    ),
});
export type GuardRule = z.infer<typeof GuardRule>;

const appliesTo = z
  .strictObject({
    endpointId: z.string().max(100).nullable().default(null).describe("An endpoint; null for every model."),
    variant: variantName.nullable().default(null).describe("A variant of the endpoint; null for all of them."),
    keyId: z.string().max(100).nullable().default(null).describe("An API key; null for every caller."),
  })
  .describe(
    "The calls that the policy applies to. A call has at most one policy: a policy with a key comes before one without, then one with a variant, then one with an endpoint.",
  );

const rules = z.array(GuardRule).min(1).max(50);
const maskSeconds = z
  .number()
  .int()
  .min(60)
  .max(2_592_000)
  .describe("How long the placeholders of a session are stored after its last call, in seconds.");

export const GuardPolicy = z.object({
  policyId: z.string(),
  name: Name,
  description: z.string().max(1_000),
  isEnabled: z.boolean(),
  appliesTo,
  rules,
  maskSeconds,
  version: z.number().int().min(1).describe("Each change makes a new version, which never changes."),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type GuardPolicy = z.infer<typeof GuardPolicy>;

/** A policy as it was after one change. */
export const GuardPolicyVersion = GuardPolicy.omit({ createdAt: true, updatedAt: true }).extend({
  actor: z.string().describe("The person or API key that made the version."),
  restoredFrom: z.number().int().nullable().describe("The version that this one repeats."),
  createdAt: Timestamp,
});
export type GuardPolicyVersion = z.infer<typeof GuardPolicyVersion>;

const policyParams = z.object({ policyId: z.string() });
const PolicyInput = z.strictObject({
  name: Name,
  description: z.string().max(1_000).default(""),
  isEnabled: z.boolean().default(true),
  appliesTo: appliesTo.default({ endpointId: null, variant: null, keyId: null }),
  rules,
  maskSeconds: maskSeconds.default(86_400),
});

const MOST_CHECKED = 1_000_000;
const CheckInput = z.strictObject({
  text: z.string().max(MOST_CHECKED).optional().describe("One text. Send this or `messages`."),
  trust: GuardTrust.default("user").describe("The source of `text`."),
  messages: z
    .array(z.looseObject({ role: z.string().max(40) }))
    .min(1)
    .max(1_000)
    .optional()
    .describe("Messages as in OpenAI's chat completions. Their roles tell their sources."),
  policyId: z.string().max(100).optional().describe("A stored policy. Send this or `rules`."),
  rules: rules.optional(),
});

/** A place in a text. It never holds the value. */
export const GuardFinding = z.object({
  rule: z.number().int().describe("The rule, counted from 0."),
  detector: z.string(),
  kind: z.string(),
  action: GuardAction,
  start: z.number().int().describe("The first character, in UTF-16 code units of the text as it was sent."),
  end: z.number().int().describe("The character after the last one."),
  score: z.number(),
  view: z.string().describe("The form of the text that it was found in, such as `text`, `normalized` or `base64`."),
});

export const GuardVerdict = z.object({
  action: z.enum(["allow", ...ACTIONS]).describe("The strongest action of all texts."),
  texts: z.array(
    z.object({
      path: z.string().describe("The place of the text, such as `messages.0.content`."),
      trust: GuardTrust,
      action: z.enum(["allow", ...ACTIONS]),
      text: z.string().nullable().describe("The changed text; null if it is unchanged or blocked."),
      findings: z.array(GuardFinding),
      notScanned: NotScanned.nullable().describe("Why the text was not scanned; null if it was."),
    }),
  ),
  ms: z.number(),
});
export type GuardVerdict = z.infer<typeof GuardVerdict>;

const exampleRules = [
  { detector: "secrets", action: "block", scopes: ["user", "tool-arguments"] },
  { detector: "personal-data", action: "mask", options: { kinds: ["email", "phone"] } },
];

export const guardsApi = defineApi({
  "GET /api/v1/guard-policies": {
    name: "listGuardPolicies",
    summary: "The project's guard policies",
    permission: "guards:read",
    query: PageQuery,
    response: pageOf(GuardPolicy),
  },
  "POST /api/v1/guard-policies": {
    name: "createGuardPolicy",
    summary: "Create a guard policy: which detectors read which texts, and what happens to a finding",
    permission: "guards:write",
    description: "The next request to the gateway uses it. Two policies cannot apply to exactly the same calls.",
    body: PolicyInput,
    example: { name: "Privacy", rules: exampleRules },
    response: GuardPolicy,
    status: 201,
  },
  "GET /api/v1/guard-policies/:policyId": {
    name: "getGuardPolicy",
    summary: "One guard policy",
    permission: "guards:read",
    params: policyParams,
    response: GuardPolicy,
  },
  "PUT /api/v1/guard-policies/:policyId": {
    name: "replaceGuardPolicy",
    summary: "Replace a guard policy by a new version; the next request uses it",
    permission: "guards:write",
    params: policyParams,
    body: PolicyInput,
    response: GuardPolicy,
  },
  "DELETE /api/v1/guard-policies/:policyId": {
    name: "deleteGuardPolicy",
    summary: "Delete a guard policy; the next request is not checked by it",
    permission: "guards:write",
    params: policyParams,
    response: Done,
  },
  "GET /api/v1/guard-policies/:policyId/versions": {
    name: "listGuardPolicyVersions",
    summary: "The versions of a guard policy, newest first",
    permission: "guards:read",
    params: policyParams,
    query: PageQuery,
    response: pageOf(GuardPolicyVersion),
  },
  "POST /api/v1/guard-policies/:policyId/restore": {
    name: "restoreGuardPolicyVersion",
    summary: "Make an earlier version of a guard policy the current one",
    description: "Creates a new version with the content of the earlier one. The next request uses it.",
    permission: "guards:write",
    params: policyParams,
    body: z.strictObject({ version: z.number().int().min(1).max(1_000_000_000) }),
    example: { version: 3 },
    response: GuardPolicy,
  },
  "POST /api/v1/guards/check": {
    name: "checkGuards",
    summary: "Check a text or messages under a policy, for programs that do not call the gateway",
    description:
      "Nothing is stored. The response has the places of findings and the changed texts, and never the values. Placeholders of `mask` are valid in this response only.",
    permission: "gateway:use",
    body: CheckInput,
    example: { text: "Write to ann@example.com", rules: [{ detector: "personal-data", action: "mask" }] },
    response: GuardVerdict,
  },
});
