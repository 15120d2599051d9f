import type { RedTeamRun } from "./use-red-team.ts";

const STATES: Readonly<Record<RedTeamRun["state"], { look: string; word: string }>> = {
  preparing: { look: "text-info", word: "preparing" },
  queued: { look: "text-muted", word: "queued" },
  running: { look: "text-info", word: "running" },
  done: { look: "text-good", word: "succeeded" },
  failed: { look: "text-bad", word: "failed" },
  cancelled: { look: "text-warn", word: "canceled" },
};
const EARLY = { look: "text-warn", word: "stopped early" };

/** Whether it ended before all attacks were answered, such as for its budget. */
export const isEarly = ({ stopped }: Pick<RedTeamRun, "stopped">): boolean =>
  stopped !== null && stopped !== "finished";

/** The state of a run: a dot and a word. */
export function RedTeamState({ run }: { run: Pick<RedTeamRun, "state" | "stopped"> }) {
  const { look, word } = isEarly(run) ? EARLY : STATES[run.state];
  return <span className={`text-sm whitespace-nowrap ${look}`}>● {word}</span>;
}
