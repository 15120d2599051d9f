import type { Replay } from "./use-replays.ts";

const STATES: Readonly<Record<Replay["state"], { look: string; word: string }>> = {
  preparing: { look: "text-info", word: "preparing" },
  queued: { look: "text-muted", word: "queued" },
  running: { look: "text-info", word: "running" },
  done: { look: "text-good", word: "succeeded" },
  failed: { look: "text-bad", word: "failed" },
  cancelled: { look: "text-warn", word: "canceled" },
};

const EARLY = { look: "text-warn", word: "stopped early" };

/** Whether it ended before all recordings were answered, such as for its budget. */
export const isEarly = ({ stopped }: Pick<Replay, "stopped">): boolean => stopped !== null && stopped !== "finished";

/** The state of a replay: a dot and a word. */
export function ReplayState({ replay }: { replay: Pick<Replay, "state" | "stopped"> }) {
  const { look, word } = isEarly(replay) ? EARLY : STATES[replay.state];
  return <span className={`text-sm whitespace-nowrap ${look}`}>● {word}</span>;
}
