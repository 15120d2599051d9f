import type { AuditEntry, IncidentSegment, IncidentSuggestion } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvidenceMeans, ReleasedRollout } from "../deps.ts";
import type { ValueSums } from "./span-store.ts";

/** A promotion before this time is no likely cause. */
const RECENT_MS = 2 * DAY_MS;
const MOST_SUGGESTIONS = 10;

type Seen = {
  readonly scope: Scope;
  readonly from: Date;
  readonly worst: IncidentSegment | null;
  readonly entries: readonly AuditEntry[];
  readonly now: readonly ValueSums[];
  readonly before: readonly ValueSums[];
};
type Means = Pick<EvidenceMeans, "listRollouts" | "findRun">;

/** What a person can do next. The order is by how directly it undoes a change. */
export async function suggest(means: Means, seen: Seen): Promise<IncidentSuggestion[]> {
  const rollouts = await means.listRollouts(seen.scope, new Date(seen.from.getTime() - RECENT_MS));
  const labels = labelMoves(seen.entries);
  const bisects = await Promise.all(promptChanges(seen).map((change) => suggestBisect(means, seen.scope, change)));
  return [...rollouts.map(suggestRollback), ...labels, ...bisects].slice(0, MOST_SUGGESTIONS);
}

function suggestRollback({ rolloutId, endpoint, candidate, state }: ReleasedRollout): IncidentSuggestion {
  const isPromoted = state === "promoted";
  return {
    kind: "rollback",
    title: isPromoted ? `Go back from ${candidate} on ${endpoint}` : `Roll back ${candidate} on ${endpoint}`,
    text: isPromoted
      ? `A rollout promoted ${candidate} shortly before. Restore an earlier version of the endpoint to undo it.`
      : `A rollout of ${candidate} is ${state}. Rolling it back gives its traffic to the control.`,
    path: `/rollouts/${rolloutId}`,
  };
}

/** Labels of prompts that moved, newest first, each once. */
function labelMoves(entries: readonly AuditEntry[]): IncidentSuggestion[] {
  const moves = entries.flatMap(({ action, details }) => {
    if (!action.startsWith("prompt.label.") || !isRecord(details)) return [];
    const { name, label, fromVersion, toVersion } = details;
    if (typeof name !== "string" || typeof label !== "string" || typeof fromVersion !== "number") return [];
    return [{ name, label, from: fromVersion, to: typeof toVersion === "number" ? toVersion : null }];
  });
  const newest = moves.filter(
    (move, place) => place === moves.findIndex(({ name, label }) => name === move.name && label === move.label),
  );
  return newest.map(({ name, label, from, to }) => ({
    kind: "label",
    title: `Move the label ${label} of ${name} back to version ${from}`,
    text: to === null ? "The label was removed." : `The label points to version ${to} now.`,
    path: `/prompts/${encodeURIComponent(name)}`,
  }));
}

type PromptChange = { readonly name: string; readonly before: number; readonly after: number };

/** Prompts whose calls use another version than before. */
function promptChanges({ now, before }: Seen): PromptChange[] {
  const newest = (rows: readonly ValueSums[]) => {
    const versions = new Map<string, { version: number; n: number }>();
    for (const { dimension, value, n } of rows) {
      const at = value.lastIndexOf("@");
      const version = Number(value.slice(at + 1));
      if (dimension !== "promptVersion" || at < 1 || !Number.isInteger(version) || version < 1) continue;
      const name = value.slice(0, at);
      if ((versions.get(name)?.n ?? 0) < n) versions.set(name, { version, n });
    }
    return versions;
  };
  const [after, earlier] = [newest(now), newest(before)];
  return [...after].flatMap(([name, { version }]) => {
    const old = earlier.get(name)?.version;
    return old === undefined || old === version ? [] : [{ name, before: old, after: version }];
  });
}

/** A bisect compares two runs. Without runs of both versions, the first step is an experiment. */
async function suggestBisect({ findRun }: Means, scope: Scope, change: PromptChange): Promise<IncidentSuggestion> {
  const { name, before, after } = change;
  const [good, bad] = await Promise.all([
    findRun(scope, { name, version: before }),
    findRun(scope, { name, version: after }),
  ]);
  const title = `Bisect ${name} from version ${before} to ${after}`;
  if (good !== null && bad !== null)
    return {
      kind: "bisect",
      title,
      text: "Compare the newest runs of both versions, then choose Find change.",
      path: `/experiments/compare?${new URLSearchParams({ base: good, heads: bad, head: bad })}`,
    };
  return {
    kind: "bisect",
    title,
    text: `A bisect needs a run of each version. Run an experiment with ${[
      good === null ? before : null,
      bad === null ? after : null,
    ]
      .filter((one) => one !== null)
      .map((one) => `version ${one}`)
      .join(" and ")} first.`,
    path: `/experiments/new?${new URLSearchParams({ prompt: name })}`,
  };
}
