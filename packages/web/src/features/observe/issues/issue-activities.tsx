import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type IssueActivity, useActivities, useUndo } from "./use-issues.ts";

/** What happened to the issue, newest first. Merges and splits can be undone. */
export function IssueActivities({ issueId, canWrite }: { issueId: string; canWrite: boolean }) {
  const list = useActivities(issueId);
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <Section title="Activity">
      {list.error && !items && <ErrorState error={list.error} retry={() => list.refetch()} />}
      {!list.error && !items && <Skeleton className="mx-4 mb-4 h-16" />}
      {items && (
        <ol className="flex flex-col gap-2 px-4 pb-4">
          {items.length === 0 && <li className="text-muted">Nothing yet.</li>}
          {items.map((item) => (
            <ActivityRow key={item.activityId} item={item} issueId={issueId} canWrite={canWrite} />
          ))}
        </ol>
      )}
      <MoreRows list={list} />
    </Section>
  );
}

type RowProps = { item: IssueActivity; issueId: string; canWrite: boolean };

function ActivityRow({ item, issueId, canWrite }: RowProps) {
  const undo = useUndo(issueId);
  return (
    <li className="flex flex-wrap items-baseline gap-x-2">
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
