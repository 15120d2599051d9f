import type { AbTest, AbTestEvent, Finding } from "./use-ab-tests.ts";

const STATES: Readonly<Record<AbTest["state"], { look: string; word: string }>> = {
  draft: { look: "text-muted", word: "draft" },
  running: { look: "text-info", word: "running" },
  stopped: { look: "text-muted", word: "stopped" },
  decided: { look: "text-good", word: "decided" },
};
export const stateWord = (state: AbTest["state"]): string => STATES[state].word;

/** The state of a test: a dot and a word. */
export const AbTestState = ({ state }: Pick<AbTest, "state">) => (
  <span className={`text-sm whitespace-nowrap ${STATES[state].look}`}>● {STATES[state].word}</span>
);

export const ALLOCATION_WORDS: Readonly<Record<AbTest["allocation"], string>> = {
  fixed: "Fixed split",
  adaptive: "Adaptive shares",
};

export const VERDICTS: Readonly<Record<NonNullable<Finding["verdict"]>, { word: string; look: string; fill: string }>> =
  {
    collecting: { word: "Collecting", look: "text-muted", fill: "bg-muted" },
    better: { word: "Better", look: "text-good", fill: "bg-good" },
    worse: { word: "Worse", look: "text-bad", fill: "bg-bad" },
    equivalent: { word: "Equivalent", look: "text-good", fill: "bg-good" },
    inconclusive: { word: "Inconclusive", look: "text-warn", fill: "bg-warn" },
  };

export const EVENT_WORDS: Readonly<Record<AbTestEvent["kind"], string>> = {
  created: "Draft created",
  changed: "Draft changed",
  started: "Started",
  stopped: "Stopped",
  decided: "Winner picked",
  shares: "Shares changed",
};
