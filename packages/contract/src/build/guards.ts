import { z } from "zod";
import { Done, Name, PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import {
  GUARD_ACTIONS,
  GuardAction,
  GuardNotScanned,
  GuardPolicy,
  GuardPolicyVersion,
  GuardRefusal,
  GuardScope,
  GuardTrust,
  guardRules,
  maskSeconds,
} from "./guard-policies.ts";

const policyParams = z.object({ policyId: z.string() });
const expectedVersion = z.coerce.number().int().min(1).max(1_000_000_000);
export const GuardPolicyInput = z.strictObject({
  name: Name,
  description: z.string().max(1_000).default(""),
  isEnabled: z.boolean().default(true),
  appliesTo: GuardScope.default({ endpointId: null, variant: null, keyId: null }),
  rules: guardRules,
  maskSeconds: maskSeconds.default(86_400),
  refusal: GuardRefusal.nullable().default(null),
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
  rules: guardRules.optional(),
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
  action: z.enum(["allow", ...GUARD_ACTIONS]).describe("The strongest action of all texts."),
  texts: z.array(
    z.object({
      path: z.string().describe("The place of the text, such as `messages.0.content`."),
      trust: GuardTrust,
      action: z.enum(["allow", ...GUARD_ACTIONS]),
      text: z.string().nullable().describe("The changed text; null if it is unchanged or blocked."),
      findings: z.array(GuardFinding),
      notScanned: GuardNotScanned.nullable().describe("Why the text was not scanned; null if it was."),
    }),
  ),
  ms: z.number(),
});
export type GuardVerdict = z.infer<typeof GuardVerdict>;

const exampleRules = [
  { detector: "secrets", action: "block", scopes: ["user", "tool-arguments"] },
  { detector: "personal-data", action: "mask", options: { groups: ["email", "phone"] } },
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
    body: GuardPolicyInput,
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
    description: "With `expectedVersion`, only if it is still at that version.",
    params: policyParams,
    query: z.object({ expectedVersion: expectedVersion.optional() }),
    body: GuardPolicyInput,
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
