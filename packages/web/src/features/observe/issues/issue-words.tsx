import type { Issue } from "./use-issues.ts";

export const STATE_WORDS: Readonly<Record<Issue["state"], string>> = {
  new: "New",
  acknowledged: "Acknowledged",
  regressed: "Regressed",
  resolved: "Resolved",
  ignored: "Ignored",
};
const STATE_LOOKS: Readonly<Record<Issue["state"], string>> = {
  new: "text-info",
  acknowledged: "text-warn",
  regressed: "text-bad",
  resolved: "text-good",
  ignored: "text-muted",
};

export const KIND_WORDS: Readonly<Record<Issue["kind"], string>> = {
  error: "Error",
  tool: "Tool error",
  refusal: "Refusal",
  truncation: "Cut off",
  schema: "Schema",
  score: "Score",
  guard: "Guard",
  feedback: "Feedback",
};

export const IssueStateBadge = ({ state }: Pick<Issue, "state">) => (
  <span className={`whitespace-nowrap text-sm ${STATE_LOOKS[state]}`}>● {STATE_WORDS[state]}</span>
);

/** Titles are content: without permission there is only the kind. */
export const titleWords = ({ title, kind }: Pick<Issue, "title" | "kind">) => title || KIND_WORDS[kind];

/** Where an issue is fixed, in words. */
export function resolutionWords({ resolution }: Pick<Issue, "resolution">): string {
  if (resolution === null) return "";
  if (resolution.kind === "release") return `in release ${resolution.release}`;
  return resolution.kind === "promptVersion" ? `in ${resolution.promptName}@${resolution.promptVersion}` : "";
}
