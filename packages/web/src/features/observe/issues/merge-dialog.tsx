import { useState } from "react";
import { Button } from "../../../components/form/button.tsx";
import { SearchField } from "../../../components/form/search-field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { formatNumberOf } from "../../../components/text/format.ts";
import { titleWords } from "./issue-words.tsx";
import { type IssueDetail, useIssueChanges, useIssues } from "./use-issues.ts";

/** Chooses another open issue, whose fingerprints move into this one. */
export function MergeDialog({ issue, close }: { issue: IssueDetail; close: () => void }) {
  const [q, setQ] = useState("");
  const [chosen, setChosen] = useState("");
  const { merge } = useIssueChanges(issue.issueId);
  const others = useIssues({ q: q || undefined, sort: "occurrences" }).data?.pages.flatMap(({ items }) => items) ?? [];
  const shown = others.filter(({ issueId }) => issueId !== issue.issueId).slice(0, 20);
  return (
    <Dialog
      title="Merge another issue"
      description="Its fingerprints and occurrences move into this issue. You can undo this."
      close={close}
    >
      <div className="flex flex-col gap-3">
        <SearchField label="Search issues" placeholder="Search titles" word={q} onChange={(next) => setQ(next ?? "")} />
        <ul className="flex max-h-72 flex-col gap-1 overflow-y-auto">
          {shown.length === 0 && <li className="text-muted">No other open issue.</li>}
          {shown.map((other) => (
            <li key={other.issueId}>
              <label className="flex items-start gap-2 rounded-control px-2 py-1 hover:bg-raised">
                <input
                  type="radio"
                  name="other"
                  checked={chosen === other.issueId}
                  onChange={() => setChosen(other.issueId)}
                  className="mt-1 accent-accent"
                />
                <span className="min-w-0">
                  <span dir="auto" className="block text-left [overflow-wrap:anywhere]">
                    {titleWords(other)}
                  </span>
                  <span className="num text-xs text-muted">{formatNumberOf(other.occurrences, "occurrence")}</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button
            kind="primary"
            isBusy={merge.isPending}
            disabled={chosen === ""}
            onClick={() => merge.mutate(chosen, { onSuccess: close })}
          >
            Merge
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
