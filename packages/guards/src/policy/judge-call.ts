import { actionOf } from "./judge-text.ts";
import { actionUnder, type Rule } from "./policy.ts";
import { createRuleTimes } from "./rule-times.ts";
import { type Judging, unscanned } from "./run-rule.ts";
import type { CallDetector, ToolCalled } from "./tool-call.ts";
import type { JudgedFinding, Unscanned, Verdict } from "./verdict.ts";

type CallJudging = Omit<Judging, "prepare" | "trust">;

/** Judges the call of a tool in an answer. The places of its findings are the whole arguments. */
export function judgeCall(called: ToolCalled, judging: CallJudging): Omit<Verdict, "text"> {
  const startedAt = judging.now();
  const times = createRuleTimes(judging.now);
  const findings: JudgedFinding[] = [];
  const missed: Unscanned[] = [];
  for (const [place, rule] of judging.policy.rules.entries()) {
    const detector = judging.calls?.get(rule.detector);
    if (!detector || !rule.scopes.includes("tool-arguments")) continue;
    const found = times.run(place, () => findIn(called, { place, rule, detector }, judging));
    if (found === "failed") missed.push(unscanned({ place, rule }, found));
    else findings.push(...found);
  }
  return {
    findings,
    action: actionOf(findings, missed),
    notScanned: missed[0]?.reason ?? null,
    unscanned: missed,
    reads: times.reads(),
    ms: judging.now() - startedAt,
  };
}

type CallRule = { readonly place: number; readonly rule: Rule; readonly detector: CallDetector<unknown> };

function findIn(
  called: ToolCalled,
  { place, rule, detector }: CallRule,
  judging: CallJudging,
): JudgedFinding[] | "failed" {
  const span = { rule: place, detector: rule.detector, start: 0, end: called.arguments.length, view: "text" as const };
  const action = actionUnder(rule, judging.possible ?? {});
  try {
    const found = detector.find(called, rule.options, judging.call).filter(({ score }) => score >= rule.threshold);
    return found.map((finding) => ({ ...span, ...finding, action }));
  } catch {
    return "failed";
  }
}
