import { ACTION_WORDS, OUTCOME_WORDS } from "./guard-words.ts";
import type { Action, CheckedText } from "./use-guards.ts";

/** The colors of actions. The word always goes with the color. */
const LOOKS: Readonly<Record<CheckedText["action"], string>> = {
  allow: "border-line bg-raised text-muted",
  observe: "border-line bg-raised text-text",
  flag: "border-transparent bg-warn-soft text-warn",
  mask: "border-transparent bg-accent-soft text-accent",
  redact: "border-transparent bg-accent-soft text-accent",
  reask: "border-transparent bg-warn-soft text-warn",
  reroute: "border-transparent bg-warn-soft text-warn",
  block: "border-transparent bg-bad-soft text-bad",
};

const Badge = ({ action, word }: { action: CheckedText["action"]; word: string }) => (
  <span className={`inline-flex shrink-0 rounded border px-1.5 text-xs whitespace-nowrap ${LOOKS[action]}`}>
    {word}
  </span>
);

/** What a rule does, such as *Mask*. */
export const ActionBadge = ({ action }: { action: Action }) => (
  <Badge action={action} word={ACTION_WORDS[action].label} />
);

/** What was done to a text, such as *Masked*. */
export const OutcomeBadge = ({ action }: { action: CheckedText["action"] }) => (
  <Badge action={action} word={OUTCOME_WORDS[action]} />
);

/** The background of a found stretch of a text. */
export const MARK_LOOKS: Readonly<Record<Action, string>> = {
  observe: "bg-raised text-text outline outline-line-strong",
  flag: "bg-warn-soft text-warn",
  mask: "bg-accent-soft text-accent",
  redact: "bg-accent-soft text-accent",
  reask: "bg-warn-soft text-warn",
  reroute: "bg-warn-soft text-warn",
  block: "bg-bad-soft text-bad",
};
