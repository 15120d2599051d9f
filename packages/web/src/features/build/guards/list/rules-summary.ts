import { strongestOf } from "../shared/guard-words.ts";
import type { Action, Rule } from "../shared/use-guards.ts";

export type DetectorSummary = { readonly detector: string; readonly action: Action };

/** The detectors of the rules in their order, each with its strongest action. */
export function summarizeRules(rules: readonly Pick<Rule, "detector" | "action">[]): DetectorSummary[] {
  const names = [...new Set(rules.map(({ detector }) => detector))];
  return names.flatMap((detector) => {
    const action = strongestOf(rules.filter((rule) => rule.detector === detector).map((rule) => rule.action));
    return action === undefined ? [] : [{ detector, action }];
  });
}

/** Whether a policy has all words of a search in its name, its description, its calls or its detectors. */
export function matchesSearch(texts: readonly string[], search: string): boolean {
  const all = texts.join(" ").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
