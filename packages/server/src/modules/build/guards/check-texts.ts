import type { GuardPolicy, GuardVerdict, guardsApi, ParsedOf } from "@treadle/contract";
import {
  createLateChecks,
  createMasks,
  type Judging,
  judgeText,
  judgeUnknown,
  type Policy,
  strongest,
  type Trust,
  type Verdict,
} from "@treadle/guards";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { toPolicy } from "./active-policy.ts";
import { checkRules } from "./check-policy.ts";
import type { GuardRegistry } from "./registry.ts";
import { createAheadOf } from "./texts/ahead.ts";
import { askLater } from "./texts/ask-later.ts";
import { mapTexts } from "./texts/map-texts.ts";
import type { Place, TextVisitor } from "./texts/text-visitor.ts";

type Deps = {
  readonly registry: GuardRegistry;
  readonly get: (scope: Scope, policyId: string) => Promise<GuardPolicy>;
  readonly clock: Pick<Clock, "elapsed">;
};
type CheckInput = ParsedOf<(typeof guardsApi)["POST /api/v1/guards/check"]>["body"];
type CheckedText = GuardVerdict["texts"][number];

/** Judges the texts of another program. Throws `invalid_request` unless there is one content and one policy. */
export function createCheckTexts({ registry, get, clock }: Deps) {
  async function policyOf(scope: Scope, { policyId, rules }: CheckInput): Promise<Policy> {
    if ((policyId === undefined) === (rules === undefined))
      throw invalid("policyId", "Send either `policyId` for a stored policy, or `rules`.");
    if (policyId !== undefined) return toPolicy((await get(scope, policyId)).rules, registry);
    checkRules(registry, rules ?? []);
    return toPolicy(rules ?? [], registry);
  }

  return async (scope: Scope, input: CheckInput): Promise<GuardVerdict> => {
    const { text, trust, messages } = input;
    if ((text === undefined) === (messages === undefined)) throw invalid("text", "Send either `text` or `messages`.");
    const policy = await policyOf(scope, input);
    const startedAt = clock.elapsed();
    // The program that asks can act on all of them.
    const possible = { reask: true, reroute: true };
    const ahead = createAheadOf(registry, { policy, now: clock.elapsed });
    const own = { policy, ...registry, late: undefined, ahead, possible, masks: createMasks(), now: clock.elapsed };
    const late = registry.late && createLateChecks(own, registry.late.of(scope.projectId));
    const texts: CheckedText[] = [];
    const visit = (visitor: TextVisitor): void => {
      if (text !== undefined) visitor.text(text, { trust: trust satisfies Trust, path: "text" });
      else mapTexts("chat", { messages }, visitor);
    };
    await ahead?.read(visit);
    await askLater(late, visit);
    visit(checkingVisitor({ ...own, late }, texts));
    return { action: strongest(texts.map(({ action }) => action)), texts, ms: clock.elapsed() - startedAt };
  };
}

const checkingVisitor = (judging: Omit<Judging, "trust">, texts: CheckedText[]): TextVisitor => ({
  text(value, at) {
    const verdict = judgeText(value, { ...judging, trust: at.trust });
    texts.push(toChecked(value, at, verdict));
    return verdict.text;
  },
  unknown(at) {
    texts.push(toChecked("", at, judgeUnknown({ ...judging, trust: at.trust })));
  },
});

const toChecked = (original: string, { trust, path }: Place, verdict: Verdict): CheckedText => ({
  path,
  trust,
  action: verdict.action,
  text: verdict.action === "block" || verdict.text === original ? null : verdict.text,
  // A repair is a part of the text, and findings hold none.
  findings: verdict.findings.map(({ replacement: _, ...finding }) => finding),
  notScanned: verdict.notScanned,
});

const invalid = (param: string, message: string) => new AppError("invalid_request", { message, details: { param } });
