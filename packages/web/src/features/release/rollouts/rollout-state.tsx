import type { RunTone } from "../../../components/feedback/run-end.tsx";
import type { Rollout } from "./use-rollouts.ts";

const STATES: Readonly<Record<Rollout["state"], { look: string; word: string; tone: RunTone }>> = {
  draft: { look: "text-muted", word: "draft", tone: "neutral" },
  running: { look: "text-info", word: "running", tone: "neutral" },
  holding: { look: "text-warn", word: "holding", tone: "warn" },
  paused: { look: "text-warn", word: "paused", tone: "warn" },
  promoted: { look: "text-good", word: "promoted", tone: "good" },
  "rolled-back": { look: "text-bad", word: "rolled back", tone: "bad" },
  expired: { look: "text-muted", word: "expired", tone: "neutral" },
};

export const toneOf = ({ state }: Pick<Rollout, "state">): RunTone => STATES[state].tone;
export const stateWord = (state: Rollout["state"]): string => STATES[state].word;

/** The state of a rollout: a dot and a word. */
export function RolloutState({ rollout: { state } }: { rollout: Pick<Rollout, "state"> }) {
  return <span className={`text-sm whitespace-nowrap ${STATES[state].look}`}>● {STATES[state].word}</span>;
}
