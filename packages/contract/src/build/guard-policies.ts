import { z } from "zod";
import { JsonValue, Name, Timestamp } from "../pages.ts";
import { variantName } from "./routing.ts";

/** Where a text comes from. */
export const GuardTrust = z.enum(["system", "user", "retrieved", "tool-result", "tool-arguments", "output"]);
export type GuardTrust = z.infer<typeof GuardTrust>;
export const GUARD_ACTIONS = ["observe", "flag", "mask", "redact", "reask", "reroute", "block"] as const;
export const GuardAction = z.enum(GUARD_ACTIONS);
export const GuardNotScanned = z.enum(["too-long", "failed", "timeout", "unknown-content"]);
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
    .describe("The sources of the texts that it reads. `output` includes earlier answers."),
  action: GuardAction.default("observe").describe(
    "What happens to a finding. `observe` and `flag` record it. `mask` replaces it by a placeholder that is restored for the caller, `redact` by its kind. `reask` asks the model once more, `reroute` sends the request to another model. `block` rejects the request, or ends the answer.",
  ),
  fallback: z
    .enum(["redact", "block"])
    .default("block")
    .describe("For `reask`: what happens to a second finding, and to texts that are not a whole answer."),
  target: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .nullable()
    .default(null)
    .describe("For `reroute`: the endpoint or model that gets the request. It is not rerouted again."),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe("The lowest score that counts. Null for the detector's own threshold."),
  failure: z
    .strictObject({
      "too-long": GuardFailure.optional(),
      failed: GuardFailure.optional(),
      timeout: GuardFailure.optional(),
      "unknown-content": GuardFailure.optional(),
    })
    .default({})
    .describe(
      "For content that was not scanned: `open` lets it pass, `closed` blocks it. By default, it passes if the action is `observe` or `flag`, if the detector answers later, and if it is `unknown-content`.",
    ),
  budgetMs: z
    .number()
    .int()
    .min(50)
    .max(60_000)
    .default(800)
    .describe("How long a detector that answers later may take, in milliseconds. A slower answer counts as `timeout`."),
});
export type GuardRule = z.infer<typeof GuardRule>;

/** The calls that a policy applies to. */
export const GuardScope = z
  .strictObject({
    endpointId: z.string().max(100).nullable().default(null).describe("An endpoint; null for every model."),
    variant: variantName.nullable().default(null).describe("A variant of the endpoint; null for all of them."),
    keyId: z.string().max(100).nullable().default(null).describe("An API key; null for every caller."),
  })
  .describe(
    "The calls of the policy. A call has at most one policy: one with its key, or else with its variant, or else with its endpoint.",
  );

const refusalText = z.string().trim().min(1).max(2_000);
/** The answer to a request that is blocked, and the end of an answer that is withheld. */
export const GuardRefusal = z
  .strictObject({
    text: refusalText.describe("The text for all other languages."),
    texts: z
      .record(z.string().regex(/^[a-z]{2,3}(?:-[A-Z]{2})?$/, "use a language such as de or de-AT"), refusalText)
      .refine((texts) => Object.keys(texts).length <= 100, "give at most 100 texts")
      .default({})
      .describe("The texts by language, such as `de`."),
  })
  .describe(
    "A text that answers a blocked request with status 200, and ends a withheld answer. The last user message, or else `accept-language`, decides its language. Null for the error.",
  );
export type GuardRefusal = z.infer<typeof GuardRefusal>;

export const guardRules = z.array(GuardRule).min(1).max(50);
export const maskSeconds = z
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
  appliesTo: GuardScope,
  rules: guardRules,
  maskSeconds,
  refusal: GuardRefusal.nullable(),
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
