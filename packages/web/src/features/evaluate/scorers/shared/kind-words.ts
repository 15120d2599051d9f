import type { ScorerKind, ScorerOutput } from "@treadle/contract";
import { SCORER_GROUPS } from "@treadle/contract";
import type { Group } from "./scorer-search.ts";

/** The names of the groups. */
export const GROUP_WORDS: Readonly<Record<Group, string>> = {
  text: "Text",
  classification: "Classification",
  structure: "Structure",
  cost: "Cost and length",
  language: "Language",
  judge: "LLM judge",
  rag: "Retrieval",
  agent: "Agents",
  safety: "Bias and safety",
  code: "Custom code",
  http: "Custom service",
};

const NEED_WORDS: Readonly<Record<ScorerKind["needs"][number], string>> = {
  expected: "an expected answer",
  documents: "documents",
  tools: "tool calls",
  messages: "messages",
  metadata: "metadata fields",
  judge: "a judge model",
  embedding: "an embedding model",
  "local-model": "a local model",
  "reward-model": "a reward model",
  sandbox: "a sandbox",
  http: "a URL",
};

/** The inputs of a kind, as text; empty if it needs none. */
export const needWords = ({ needs }: Pick<ScorerKind, "needs">): string =>
  needs.length === 0 ? "" : `needs ${needs.map((need) => NEED_WORDS[need]).join(", ")}`;

const DIRECTION_WORDS = { higher: "higher is better", lower: "lower is better", none: "" } as const;

const UNIT_WORDS: Readonly<Record<string, string>> = { ms: "milliseconds", usd: "USD" };

/** The output of a scorer, as text: `a number from 0 to 1, higher is better`. */
export function outputWords({ type, min, max, direction, unit }: ScorerOutput): string {
  const number = unit === "" ? `a number${rangeWords({ min, max })}` : (UNIT_WORDS[unit] ?? unit);
  const what = type === "boolean" ? "yes or no" : type === "label" ? "a label" : number;
  return [what, DIRECTION_WORDS[direction]].filter(Boolean).join(", ");
}

function rangeWords({ min, max }: Pick<ScorerOutput, "min" | "max">): string {
  if (min !== null && max !== null) return ` from ${min} to ${max}`;
  if (min !== null) return ` from ${min}`;
  return max === null ? "" : ` up to ${max}`;
}

/** The kinds whose text contains the words, by group. */
export function groupKinds(
  kinds: readonly ScorerKind[],
  { search, group }: { search: string; group: string | undefined },
): readonly { group: Group; kinds: readonly ScorerKind[] }[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (kind: ScorerKind) => {
    const text = `${kind.kind} ${kind.label} ${kind.summary} ${GROUP_WORDS[kind.group]}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return SCORER_GROUPS.filter((one) => group === undefined || group === one)
    .map((one) => ({ group: one, kinds: kinds.filter((kind) => kind.group === one && fits(kind)) }))
    .filter((part) => part.kinds.length > 0);
}
