import type { GuardPreview, guardPreviewsApi, ParsedOf } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { checkRules } from "../guards/index.ts";
import type { PreviewDeps } from "./deps.ts";
import type { PreviewPlan } from "./preview-plan.ts";

export type PreviewInput = ParsedOf<(typeof guardPreviewsApi)["POST /api/v1/guard-previews"]>["body"];
type Deps = Pick<PreviewDeps, "guards" | "endpointNameOf" | "clock">;
type Chosen = Pick<GuardPreview, "policyId" | "version" | "rules" | "appliesTo">;
export type PlannedPreview = Pick<Chosen, "policyId" | "version"> & { readonly plan: PreviewPlan };

const EVERY_CALL = { endpointId: null, variant: null, keyId: null };

/** The rules and calls of a preview. Throws for rules or calls that do not exist. */
export async function planPreview(deps: Deps, scope: Scope, input: PreviewInput): Promise<PlannedPreview> {
  const { policyId, version, rules, appliesTo } = await choose(deps, scope, input);
  checkRules(deps.guards.registry, rules);
  const endpoint = await endpointOf(deps, scope, appliesTo);
  const now = deps.clock.now();
  const { filter, sampleSize, days } = input;
  const period = { from: new Date(now - days * DAY_MS).toISOString(), to: new Date(now).toISOString() };
  return { policyId, version, plan: { rules, appliesTo, endpoint, filter, sampleSize, ...period } };
}

async function choose({ guards }: Deps, scope: Scope, input: PreviewInput): Promise<Chosen> {
  const { policyId, version, rules, appliesTo } = input;
  const isStored = policyId !== undefined && rules === undefined;
  if ((policyId === undefined && rules === undefined) || (version !== undefined && !isStored))
    throw invalid("rules", "Send `rules`, or `policyId` with an optional `version`. Rules have no version.");
  if (policyId === undefined)
    return { policyId: null, version: null, rules: rules ?? [], appliesTo: appliesTo ?? EVERY_CALL };
  const current = await guards.get(scope, policyId);
  const policy = version === undefined ? current : await guards.getVersion(scope, policyId, version);
  return {
    policyId,
    // Rules that differ from the stored ones are no version of the policy.
    version: isStored ? (version ?? current.version) : null,
    rules: rules ?? policy.rules,
    appliesTo: appliesTo ?? policy.appliesTo,
  };
}

async function endpointOf(
  { endpointNameOf }: Deps,
  scope: Scope,
  { endpointId, variant }: Chosen["appliesTo"],
): Promise<string | null> {
  if (endpointId === null) {
    if (variant !== null)
      throw wrong("appliesTo.variant", "`appliesTo` names a variant without its endpoint. Set `endpointId` too.");
    return null;
  }
  const name = await endpointNameOf(scope, endpointId);
  if (name === undefined) throw wrong("appliesTo.endpointId", `This project has no endpoint "${endpointId}".`);
  return name;
}

const invalid = (param: string, message: string) => new AppError("invalid_request", { message, details: { param } });
const wrong = (param: string, message: string) => new AppError("unprocessable", { message, details: { param } });
