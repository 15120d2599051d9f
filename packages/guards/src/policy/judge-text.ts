import { isPlainText } from "../text/is-plain-text.ts";
import { strongest } from "./policy.ts";
import { inOrder, replaceFindings } from "./replace-findings.ts";
import {
  type ActiveRule,
  activeRules,
  type Judging,
  lateResults,
  lateRules,
  MOST_CHARACTERS,
  preparedOnce,
  type Running,
  runRule,
  unscanned,
} from "./run-rule.ts";
import { allSentences } from "./sentences.ts";
import type { JudgedFinding, Unscanned, Verdict } from "./verdict.ts";

/** Judges a whole text under the rules that apply to its trust. */
export function judgeText(text: string, judging: Judging): Verdict {
  const startedAt = judging.now();
  const prepare = preparedOnce(judging.prepare);
  const isPlain = isPlainText(text);
  const found: JudgedFinding[] = [];
  const missed: Unscanned[] = [];
  for (const rule of text === "" ? [] : activeRules(judging)) {
    const findings = text.length > MOST_CHARACTERS ? "too-long" : findIn(text, rule, { ...judging, prepare, isPlain });
    if (typeof findings === "string") missed.push(unscanned(rule, findings));
    else found.push(...findings);
  }
  for (const result of lateResults(text, judging))
    if ("reason" in result) missed.push(result);
    else found.push(...result);
  const findings = inOrder(found);
  return {
    findings,
    action: actionOf(findings, missed),
    text: replaceFindings(text, findings, judging),
    notScanned: missed[0]?.reason ?? null,
    unscanned: missed,
    ms: judging.now() - startedAt,
  };
}

/** The verdict on content that is not text, such as an image. */
export function judgeUnknown(judging: Omit<Judging, "prepare">): Verdict {
  const missed = [...activeRules(judging), ...lateRules(judging)].map((rule) => unscanned(rule, "unknown-content"));
  const notScanned = missed[0]?.reason ?? null;
  return { findings: [], action: actionOf([], missed), text: "", notScanned, unscanned: missed, ms: 0 };
}

export const actionOf = (findings: readonly JudgedFinding[], missed: readonly Unscanned[]): Verdict["action"] =>
  missed.some(({ isBlocking }) => isBlocking) ? "block" : strongest(findings.map(({ action }) => action));

type Means = Running & { readonly isPlain: boolean };

function findIn(text: string, rule: ActiveRule, means: Means): JudgedFinding[] | "failed" {
  if (rule.detector?.need !== "sentence") return runRule(rule, text, { ...means, at: 0 });
  const found: JudgedFinding[] = [];
  for (const { start, end } of allSentences(text)) {
    const findings = runRule(rule, text.slice(start, end), { ...means, at: start });
    if (findings === "failed") return "failed";
    found.push(...findings);
  }
  return found;
}
