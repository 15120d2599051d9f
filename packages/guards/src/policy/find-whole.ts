import type { Finding } from "../finding.ts";
import { isPlainText } from "../text/is-plain-text.ts";
import type { AheadFound } from "./ahead.ts";
import {
  type ActiveRule,
  activeRules,
  type Judging,
  MOST_CHARACTERS,
  preparedOnce,
  type Running,
  runDetector,
} from "./run-rule.ts";
import { allSentences } from "./sentences.ts";

type Means = Running & { readonly isPlain: boolean };

/** What the detector of a rule finds in a whole text, by the sentence if it needs that. */
export function findWhole(text: string, rule: ActiveRule, means: Means): readonly Finding[] | "failed" {
  if (rule.detector?.need !== "sentence") return runDetector(rule, text, means);
  const found: Finding[] = [];
  for (const { start: at, end: stop } of allSentences(text)) {
    const findings = runDetector(rule, text.slice(at, stop), means);
    if (findings === "failed") return "failed";
    found.push(...findings.map((finding) => ({ ...finding, start: finding.start + at, end: finding.end + at })));
  }
  return found;
}

type Reading = Pick<Judging, "policy" | "trust" | "detectors" | "late" | "calls" | "prepare" | "call" | "now">;

/** Reads a text with the rules that apply to it, so that `judgeText` can apply them later. A text that is too long is left to it. */
export function findAhead(text: string, judging: Reading): readonly AheadFound[] {
  if (text === "" || text.length > MOST_CHARACTERS) return [];
  const means = { ...judging, prepare: preparedOnce(judging.prepare), isPlain: isPlainText(text) };
  return activeRules(judging).map((rule) => {
    const from = judging.now();
    const found = findWhole(text, rule, means);
    return { rule: rule.place, found, ms: judging.now() - from };
  });
}
