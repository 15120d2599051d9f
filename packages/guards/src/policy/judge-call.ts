import { actionOf } from "./judge-text.ts";
import { actionUnder } from "./policy.ts";
import { type Judging, unscanned } from "./run-rule.ts";
import type { ToolCalled } from "./tool-call.ts";
import type { JudgedFinding, Unscanned, Verdict } from "./verdict.ts";

/** Judges the call of a tool in an answer. The places of its findings are the whole arguments. */
export function judgeCall(called: ToolCalled, judging: Omit<Judging, "prepare" | "trust">): Omit<Verdict, "text"> {
  const startedAt = judging.now();
  const findings: JudgedFinding[] = [];
  const missed: Unscanned[] = [];
  for (const [place, rule] of judging.policy.rules.entries()) {
    const detector = judging.calls?.get(rule.detector);
    if (!detector || !rule.scopes.includes("tool-arguments")) continue;
    try {
      const span = {
        rule: place,
        detector: rule.detector,
        start: 0,
        end: called.arguments.length,
        view: "text" as const,
      };
      const action = actionUnder(rule, judging.possible ?? {});
      const found = detector.find(called, rule.options, judging.call).filter(({ score }) => score >= rule.threshold);
      findings.push(...found.map((finding) => ({ ...span, ...finding, action })));
    } catch {
      missed.push(unscanned({ place, rule }, "failed"));
    }
  }
  const notScanned = missed[0]?.reason ?? null;
  return { findings, action: actionOf(findings, missed), notScanned, unscanned: missed, ms: judging.now() - startedAt };
}
