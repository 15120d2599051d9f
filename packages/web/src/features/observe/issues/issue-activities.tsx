import { Button } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { type IssueActivity, useActivities, useUndo } from "./use-issues.ts";

/** What happened to the issue, newest first. Merges and splits can be undone. */
export function IssueActivities({ issueId, canWrite }: { issueId: string; canWrite: boolean }) {
  const items = useActivities(issueId).data?.items ?? [];
  const undo = useUndo(issueId);
  return (
    <Section title="Activity">
      <ol className="flex flex-col gap-2 px-4 pb-4">
        {items.length === 0 && <li className="text-muted">Nothing yet.</li>}
        {items.map((item) => (
          <li key={item.activityId} className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{item.action === "regressed" ? "Treadle" : item.actor.name}</span>
            <span className="min-w-0 [overflow-wrap:anywhere]">{wordsOf(item)}</span>
            <span className="text-xs">
              <AgoCell iso={item.at} />
            </span>
            {item.isUndoable && canWrite && (
              <Button size="small" isBusy={undo.isPending} onClick={() => undo.mutate(item.activityId)}>
                Undo
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function wordsOf({ action, from, to }: IssueActivity): string {
  switch (action) {
    case "state":
      return to === "" ? "changed the state" : `changed the state from ${from} to ${to}`;
    case "regressed":
      return to === "" ? "saw it again and reopened it" : `saw it again in ${to} and reopened it`;
    case "assign":
      return to === "" ? "removed the assignee" : "changed the assignee";
    case "rename":
      return to === "" ? "renamed it" : `renamed it to "${to}"`;
    case "link":
      return to === "" ? "removed the links" : `changed the links to ${to}`;
    case "merge":
      return from === "" ? "merged an issue into it" : `merged "${from}" into it`;
    case "split":
      return to === "" ? "split off an issue" : `split off "${to}"`;
    case "undo":
      return from === "" ? "undid a change" : `undid a ${from}`;
    default:
      return action satisfies never;
  }
}
