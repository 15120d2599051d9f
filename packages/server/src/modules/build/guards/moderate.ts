import type { GuardPolicy, moderationsApi, ParsedOf } from "@treadle/contract";
import { createMasks, judgeText, judgeUnknown, type Policy, type Trust, type Verdict } from "@treadle/guards";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { type ActivePolicy, type GuardedCall, toPolicy } from "./active-policy.ts";
import type { GuardRegistry } from "./registry.ts";
import { createAheadOf } from "./texts/ahead.ts";

type Deps = {
  readonly registry: GuardRegistry;
  readonly list: (scope: Scope) => Promise<readonly GuardPolicy[]>;
  readonly find: (call: GuardedCall) => ActivePolicy | null | Promise<ActivePolicy | null>;
  readonly clock: Pick<Clock, "elapsed">;
};
type Request = ParsedOf<(typeof moderationsApi)["POST /v1/moderations"]>["body"];
type Part = { readonly type: string; readonly text?: string | undefined };
type Named = { readonly model: string; readonly policy: Policy };
type Result = {
  readonly flagged: boolean;
  readonly categories: Record<string, boolean>;
  readonly category_scores: Record<string, number>;
};

/** Clients of OpenAI name one of its models, or none. */
const OPENAI_MODEL = /^(?:omni|text)-moderation/;

/** Checks texts in OpenAI's format. Throws `not_found` for an unknown policy, and `unprocessable` if none applies. */
export function createModerate({ registry, list, find, clock }: Deps) {
  async function policyOf(scope: Scope, name: string | null | undefined): Promise<Named> {
    if (!name || OPENAI_MODEL.test(name)) return usualPolicy(scope);
    const policy = (await list(scope)).find(({ policyId, name: own }) => policyId === name || own === name);
    if (!policy) throw new AppError("not_found", { message: `There is no guard policy "${name}" in this project.` });
    return { model: policy.name, policy: toPolicy(policy.rules, registry) };
  }

  async function usualPolicy({ projectId, actor }: Scope): Promise<Named> {
    const keyId = actor.startsWith("key_") ? actor : null;
    const active = await find({ projectId, keyId, endpointId: null, variant: null });
    if (!active)
      throw new AppError("unprocessable", {
        message: "No guard policy applies to this key or project. Create one, or name one in `model`.",
        details: { param: "model" },
      });
    return { model: active.policyId, policy: active.policy };
  }

  return async (scope: Scope, { input, model: name, trust }: Request) => {
    const { model, policy } = await policyOf(scope, name);
    const judge = createJudgeParts({ registry, clock }, { policy, trust });
    const groups = groupsOf(input);
    await judge.read(groups.flat());
    return { id: newId("modr"), model, results: groups.map((parts) => toResult(policy, parts.map(judge.part))) };
  };
}

type Under = { readonly policy: Policy; readonly trust: Trust };

/** Judges the parts of an input, after long ones were read. */
function createJudgeParts({ registry, clock }: Pick<Deps, "registry" | "clock">, { policy, trust }: Under) {
  const ahead = createAheadOf(registry, { policy, now: clock.elapsed });
  const judging = { ...registry, late: undefined, ahead, policy, trust, masks: createMasks(), now: clock.elapsed };
  return {
    read: async (parts: readonly (Part | string)[]) =>
      ahead?.read((visitor) => {
        for (const part of parts) visitor.text(textOf(part) ?? "", { trust, path: "input" });
      }),
    part(part: Part | string): Verdict {
      const text = textOf(part);
      return text === undefined ? judgeUnknown(judging) : judgeText(text, judging);
    },
  };
}

const textOf = (part: Part | string): string | undefined => (typeof part === "string" ? part : part.text);

/** Each text is judged alone. The parts of a message are judged together. */
function groupsOf(input: Request["input"]): readonly (readonly (Part | string)[])[] {
  if (typeof input === "string") return [[input]];
  const texts = input.filter((one) => typeof one === "string");
  return texts.length === input.length ? texts.map((text) => [text]) : [input];
}

function toResult({ rules }: Policy, verdicts: readonly Verdict[]): Result {
  const scores: Record<string, number> = Object.fromEntries(rules.map(({ detector }) => [detector, 0]));
  const add = (category: string, score: number) => {
    scores[category] = Math.max(scores[category] ?? 0, score);
  };
  for (const { detector, kind, score } of verdicts.flatMap(({ findings }) => findings)) {
    add(detector, score);
    if (kind !== detector) add(`${detector}/${kind}`, score);
  }
  if (verdicts.some(({ unscanned }) => unscanned.some(({ isBlocking }) => isBlocking))) add("not-scanned", 1);
  const categories = Object.fromEntries(Object.entries(scores).map(([category, score]) => [category, score > 0]));
  return { flagged: Object.values(categories).includes(true), categories, category_scores: scores };
}
