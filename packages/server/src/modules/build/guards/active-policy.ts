import type { GuardPolicy, GuardRule } from "@treadle/contract";
import type { Action, Policy, Rule } from "@treadle/guards";
import { matchKeyOf } from "./policy-content.ts";
import type { GuardRegistry } from "./registry.ts";

/** A policy as the gateway uses it. */
export type ActivePolicy = Pick<GuardPolicy, "policyId" | "version" | "maskSeconds" | "refusal"> & {
  readonly policy: Policy;
  /** Whether values are replaced by placeholders that must be restored. */
  readonly hasMasks: boolean;
};
/** The guards that a call of this server is made under, instead of the policy that applies to it. Null for none. */
export type ChosenGuards = { readonly policy: ActivePolicy | null };
/** The policies of a project by the calls that they apply to. */
export type ActivePolicies = ReadonlyMap<string, ActivePolicy>;
/** What of a call selects its policy. */
export type GuardedCall = {
  readonly projectId: string;
  /** The API key; null for a person or the server. */
  readonly keyId: string | null;
  readonly endpointId: string | null;
  readonly variant: string | null;
};

export const toActivePolicies = (policies: readonly GuardPolicy[], registry: GuardRegistry): ActivePolicies =>
  new Map(
    policies
      .filter(({ isEnabled }) => isEnabled)
      .map((policy) => [matchKeyOf(policy.appliesTo), toActivePolicy(policy, registry)]),
  );

type PolicyFields = Pick<GuardPolicy, "policyId" | "version" | "maskSeconds" | "refusal" | "rules">;

export const toActivePolicy = (
  { policyId, version, maskSeconds, refusal, rules }: PolicyFields,
  registry: GuardRegistry,
): ActivePolicy => ({
  policyId,
  version,
  maskSeconds,
  refusal,
  policy: toPolicy(rules, registry),
  hasMasks: rules.some(({ action }) => action === "mask"),
});

export const toPolicy = (rules: readonly GuardRule[], registry: GuardRegistry): Policy => ({
  rules: rules.map((rule) => toRule(rule, registry)),
});

/**
 * Rules that protect by their action let nothing through unread. Content that is no text is the exception, and so are detectors
 * that ask elsewhere: an outage there must not stop all calls unless the rule says so.
 */
const CLOSED: ReadonlySet<Action> = new Set(["mask", "redact", "reask", "reroute", "block"]);

function toRule({ failure, ...rule }: GuardRule, registry: GuardRegistry): Rule {
  const isLate = registry.late?.names.has(rule.detector) ?? false;
  const usual = CLOSED.has(rule.action) && !isLate ? "closed" : "open";
  return {
    ...rule,
    ...readDetector(rule, registry),
    threshold: rule.threshold ?? registry.thresholdOf(rule.detector),
    failure: {
      "too-long": failure["too-long"] ?? usual,
      failed: failure.failed ?? usual,
      timeout: failure.timeout ?? usual,
      "unknown-content": failure["unknown-content"] ?? "open",
    },
  };
}

/** A rule of an older version of the detector, whose options are not valid any more, has no detector: its failure policy applies. */
function readDetector({ detector, options }: Pick<GuardRule, "detector" | "options">, { readOptions }: GuardRegistry) {
  try {
    return { detector, options: readOptions(detector, options) };
  } catch {
    return { detector: "", options };
  }
}

/** The policy of a call: the most specific one. A key comes before a variant, and a variant before an endpoint. */
export function selectPolicy(
  policies: ActivePolicies,
  { keyId, endpointId, variant }: GuardedCall,
): ActivePolicy | null {
  if (policies.size === 0) return null;
  for (const key of keyId === null ? [null] : [keyId, null])
    for (const place of [
      { endpointId, variant },
      { endpointId, variant: null },
      { endpointId: null, variant: null },
    ]) {
      const policy = policies.get(matchKeyOf({ keyId: key, ...place }));
      if (policy) return policy;
    }
  return null;
}
