import { strongestOf } from "../shared/guard-words.ts";
import type { Action, CheckedText } from "../shared/use-guards.ts";

type Finding = CheckedText["findings"][number];
/** A stretch of a text, and the findings that cover it. */
export type MarkedPart = {
  readonly text: string;
  readonly start: number;
  readonly findings: readonly Finding[];
  readonly action: Action | undefined;
};

/** A text cut where a finding begins or ends. Findings may overlap. */
export function markedParts(text: string, findings: readonly Finding[]): readonly MarkedPart[] {
  const inside = findings.filter(({ start, end }) => start >= 0 && start < end && end <= text.length);
  const cuts = [...new Set([0, text.length, ...inside.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  return cuts.slice(0, -1).map((start, place) => {
    const end = cuts[place + 1] ?? text.length;
    const covering = inside.filter((finding) => finding.start <= start && finding.end >= end);
    return {
      text: text.slice(start, end),
      start,
      findings: covering,
      action: strongestOf(covering.map(({ action }) => action)),
    };
  });
}

/** Findings of one rule, kind and view, counted. */
export type FindingGroup = Pick<Finding, "rule" | "detector" | "kind" | "action" | "view"> & {
  readonly count: number;
  readonly score: number;
};

export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const { rule, detector, kind, action, view, score } of findings) {
    const key = `${rule} ${kind} ${view}`;
    const known = groups.get(key);
    groups.set(key, {
      rule,
      detector,
      kind,
      action,
      view,
      count: (known?.count ?? 0) + 1,
      score: Math.max(known?.score ?? 0, score),
    });
  }
  return [...groups.values()];
}
