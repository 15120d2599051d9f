import type { AnnotationTrigger, DriftColumn, DriftTrigger } from "@treadle/contract";

export const KINDS = {
  score: "Score threshold",
  disagreement: "Judge disagreement",
  feedback: "Negative feedback",
  novelty: "Unusual input",
  drift: "Traffic drift",
  arrivals: "Sample of new traces",
} as const;
export type RuleKind = keyof typeof KINDS;

export const MEANINGS = ["question", "answer", "length"] as const;
export type DriftDraft = {
  windowHours: string;
  referenceDays: string;
  alphaPercent: string;
  sharePercent: string;
  of: readonly (typeof MEANINGS)[number][];
  scores: string;
  categories: string;
};
export type RuleDraft = {
  name: string;
  kind: RuleKind;
  filter: string;
  names: string;
  number: string;
  mostPerDay: string;
  drift: DriftDraft;
};

export const START: RuleDraft = {
  name: "",
  kind: "score",
  filter: "",
  names: "",
  number: "0.5",
  mostPerDay: "200",
  drift: {
    windowHours: "24",
    referenceDays: "7",
    alphaPercent: "1",
    sharePercent: "5",
    of: ["question", "answer"],
    scores: "",
    categories: "",
  },
};
export const STARTS: Readonly<Record<RuleKind, string>> = {
  score: "0.5",
  disagreement: "0.5",
  feedback: "0.5",
  novelty: "0.6",
  arrivals: "5",
  drift: "",
};

export const kindOf = (value: string): RuleKind => (value in KINDS ? (value as RuleKind) : "score");

const listOf = (text: string) =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

/** The settings of a drift rule; the server validates them. */
export function driftTriggerOf({ filter, drift }: Pick<RuleDraft, "filter" | "drift">): DriftTrigger {
  const columns: DriftColumn[] = [
    ...drift.of.map((of) => ({ of })),
    ...listOf(drift.scores).map((score) => ({ of: "score" as const, score })),
    ...listOf(drift.categories).map((by) => ({ of: "category" as const, by })),
  ];
  return {
    kind: "drift",
    filter,
    columns,
    leastPsi: 0.1,
    leastMmd: 0,
    windowHours: Number(drift.windowHours),
    referenceDays: Number(drift.referenceDays),
    alpha: Number(drift.alphaPercent) / 100,
    share: Number(drift.sharePercent) / 100,
  };
}

export function triggerOf(draft: RuleDraft): AnnotationTrigger {
  const { kind, filter, names, number } = draft;
  const list = listOf(names);
  const value = Number(number);
  switch (kind) {
    case "score":
      return { kind, score: list[0] ?? "", below: value, above: null, filter };
    case "disagreement":
      return { kind, scores: list, by: value, filter };
    case "feedback":
      return { kind, names: list, below: value, filter };
    case "novelty":
      return { kind, share: 1, days: 7, below: value, filter };
    case "arrivals":
      return { kind, share: value / 100, filter };
    case "drift":
      return driftTriggerOf(draft);
    default:
      return kind satisfies never;
  }
}
