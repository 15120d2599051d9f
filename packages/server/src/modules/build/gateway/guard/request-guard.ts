import { judgeText, type Possible, TRUSTS } from "@treadle/guards";
import type { AppError } from "../../../../kernel/errors.ts";
import { type ActivePolicy, mapStrings, mapTexts } from "../../guards/index.ts";
import type { CallPrompt } from "../request/caller-facts.ts";
import { type Call, withRequest } from "../request/read-call.ts";
import { judgingVisitor, type Means } from "./guard-message.ts";
import type { GuardRecord } from "./guard-record.ts";

/** A request as its guards let it through. With an error it must not be sent; what would block is replaced, for the record. */
export type Checked = {
  readonly call: Call;
  readonly error: AppError | null;
  /** The endpoint or model that must get the call instead, and why; null for none. */
  readonly reroute: { readonly target: string; readonly kinds: readonly string[] } | null;
};

type Recorded = { readonly record: GuardRecord };

/** The guards of the request of a call. */
export function createRequestGuard(
  { policyId, version, policy }: ActivePolicy,
  { record, ...means }: Omit<Means, "record"> & Recorded,
) {
  let hasChanged = false;
  return {
    hasChanged: () => hasChanged,
    check(call: Call, possible: Possible): Checked {
      const judging = { ...means.judging, possible };
      const request = mapTexts(
        call.format,
        call.request,
        judgingVisitor({ judging, record: record.request }, () => undefined),
      );
      const prompt = call.prompt && maskPrompt(call.prompt, means);
      const isChanged = request !== call.request || prompt !== call.prompt;
      hasChanged ||= isChanged;
      const checked = isChanged ? withRequest(call, request, prompt) : call;
      return {
        call: { ...checked, guardedBy: `${policyId}@${version}` },
        error: record.isBlocked() ? record.toError() : null,
        reroute: record.isBlocked() ? null : rerouteOf(record.found(), policy),
      };
    },
  };
}

/** The first rule with a finding decides. */
function rerouteOf(found: ReturnType<GuardRecord["found"]>, { rules }: ActivePolicy["policy"]): Checked["reroute"] {
  const findings = found.filter(({ action }) => action === "reroute").toSorted((one, two) => one.rule - two.rule);
  const target = findings[0] && rules[findings[0].rule]?.target;
  return target ? { target, kinds: [...new Set(findings.map(({ kind }) => kind))] } : null;
}

type Inputs = NonNullable<CallPrompt["filled"]>["inputs"];

/** The variables of a prompt are stored with the span. What may not be in any message may not be there either. */
function maskPrompt(prompt: CallPrompt, { judging }: Pick<Means, "judging">): CallPrompt {
  if (!prompt.filled) return prompt;
  const policy = { rules: judging.policy.rules.map((rule) => ({ ...rule, scopes: TRUSTS })) };
  const text = (value: string) => judgeText(value, { ...judging, policy, trust: "user" }).text;
  const at = { trust: "user", path: "prompt.inputs" } as const;
  const visitor = { text, unknown: () => undefined };
  const inputs = mapStrings(prompt.filled.inputs, visitor, at) as Inputs;
  return inputs === prompt.filled.inputs ? prompt : { ...prompt, filled: { ...prompt.filled, inputs } };
}
