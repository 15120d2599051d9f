import type { Replay } from "./use-replays.ts";

const STATES: Readonly<Record<Replay["state"], { look: string; word: string }>> = {
  preparing: { look: "text-info", word: "preparing" },
  queued: { look: "text-muted", word: "queued" },
  running: { look: "text-info", word: "running" },
  done: { look: "text-good", word: "succeeded" },
  failed: { look: "text-bad", word: "failed" },
  cancelled: { look: "text-warn", word: "canceled" },
};

/** The state of a replay: a dot and a word. */
export function ReplayState({ state }: Pick<Replay, "state">) {
  return <span className={`text-sm whitespace-nowrap ${STATES[state].look}`}>● {STATES[state].word}</span>;
}
