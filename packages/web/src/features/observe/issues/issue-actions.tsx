import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button } from "../../../components/form/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../../components/overlay/menu.tsx";
import { useMemberChoices } from "../../system/choices/index.ts";
import { MergeDialog } from "./merge-dialog.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { ResolveDialog } from "./resolve-dialog.tsx";
import { type IssueDetail, useIssueChanges } from "./use-issues.ts";

type Open = "resolve" | "merge" | "rename" | null;

/** The state, assignee and title of an issue, and merging. */
export function IssueActions({ issue }: { issue: IssueDetail }) {
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const isResolved = issue.state === "resolved";
  return (
    <>
      <Assignee issue={issue} />
      <MoreMenu issue={issue} open={setOpen} />
      <Button kind="primary" onClick={() => setOpen("resolve")} disabled={isResolved}>
        {isResolved ? "Resolved" : "Resolve"}
      </Button>
      {open === "resolve" && <ResolveDialog issue={issue} close={close} />}
      {open === "merge" && <MergeDialog issue={issue} close={close} />}
      {open === "rename" && <RenameDialog issue={issue} close={close} />}
    </>
  );
}

function MoreMenu({ issue, open }: { issue: IssueDetail; open: (dialog: Open) => void }) {
  const { update } = useIssueChanges(issue.issueId);
  const before = STATES.find((state) => state === issue.state);
  const undo = before && { label: "Undo", run: () => update.mutate({ state: before }) };
  const change = (state: (typeof STATES)[number]) =>
    void whenDone(update.mutateAsync({ state }), () => toastDone(DONE[state], undo));
  return (
    <Menu
      align="end"
      trigger={
        <Button isBusy={update.isPending}>
          More <ChevronDown aria-hidden size={14} />
        </Button>
      }
    >
      {STATES.filter((state) => state !== issue.state).map((state) => (
        <MenuItem key={state} onSelect={() => change(state)}>
          {VERBS[state]}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem onSelect={() => open("rename")}>Rename…</MenuItem>
      <MenuItem onSelect={() => open("merge")}>Merge another issue…</MenuItem>
    </Menu>
  );
}

/** The states that people choose. Resolving needs more than a choice, and only new failures make an issue regress. */
const STATES = ["new", "acknowledged", "ignored"] as const;
const DONE = {
  new: "Reopened the issue",
  acknowledged: "Acknowledged the issue",
  ignored: "Ignored the issue",
} as const;
const VERBS = { new: "Reopen as new", acknowledged: "Acknowledge", ignored: "Ignore" } as const;

function Assignee({ issue }: { issue: IssueDetail }) {
  const { update } = useIssueChanges(issue.issueId);
  const members = useMemberChoices().data ?? [];
  const assign = (assigneeId: string | null) => update.mutate({ assigneeId });
  return (
    <Menu
      align="end"
      trigger={
        <Button>
          {issue.assignee?.name ?? "Assign"} <ChevronDown aria-hidden size={14} />
        </Button>
      }
    >
      <MenuLabel>Assignee</MenuLabel>
      <MenuChoice isChosen={issue.assignee === null} onSelect={() => assign(null)}>
        Unassigned
      </MenuChoice>
      {members.map(({ userId, name, email }) => (
        <MenuChoice key={userId} isChosen={issue.assignee?.userId === userId} onSelect={() => assign(userId)}>
          {name || email}
        </MenuChoice>
      ))}
    </Menu>
  );
}
