import type { GuardRule } from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { type ChosenGuards, toActivePolicy } from "./active-policy.ts";
import { checkRules } from "./check-policy.ts";
import type { GuardRegistry } from "./registry.ts";
import type { GuardStore } from "./store.ts";

/** Guards by name: none, a version of a policy, or rules that are stored nowhere. */
export type GuardsToOpen =
  | { readonly kind: "none" }
  | { readonly kind: "policy"; readonly policyId: string; readonly version: number | null }
  | { readonly kind: "rules"; readonly rules: readonly GuardRule[] };

/** Rules without a policy have no session whose placeholders last. */
const NO_POLICY = { policyId: "rules", version: 0, maskSeconds: 60, refusal: null };

type Deps = { readonly store: Pick<GuardStore, "find" | "findVersion">; readonly registry: GuardRegistry };

/**
 * Guards for calls that this server makes itself, such as to measure a policy before it applies. A disabled policy can be
 * opened too. Throws `not_found`, and `unprocessable` for rules that cannot be used.
 */
export function createOpenChosen({ store, registry }: Deps) {
  return async (scope: Scope, guards: GuardsToOpen): Promise<ChosenGuards> => {
    if (guards.kind === "none") return { policy: null };
    if (guards.kind === "policy") return openPolicy(scope, guards);
    checkRules(registry, guards.rules);
    return { policy: toActivePolicy({ ...NO_POLICY, rules: [...guards.rules] }, registry) };
  };

  async function openPolicy({ projectId }: Scope, { policyId, version }: Extract<GuardsToOpen, { kind: "policy" }>) {
    const current = await store.find(projectId, policyId);
    if (!current) throw notFound("guard policy", policyId);
    if (version === null || version === current.version) return { policy: toActivePolicy(current, registry) };
    const content = await store.findVersion(policyId, version);
    if (!content) throw notFound("version of the guard policy", String(version));
    return { policy: toActivePolicy({ ...content, policyId, version }, registry) };
  }
}
