import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { SearchField } from "../../../components/form/search-field.tsx";
import { formatNumberOf } from "../../../components/text/format.ts";
import { titleWords } from "./issue-words.tsx";
import { type Issue, type IssueDetail, useIssueChanges, useIssues } from "./use-issues.ts";

const MOST = 20;

/** Chooses another open issue, whose fingerprints move into this one. */
export function MergeDialog({ issue, close }: { issue: IssueDetail; close: () => void }) {
  const [q, setQ] = useState("");
  const [chosen, setChosen] = useState("");
  const { form, submit } = useMerge(issue.issueId, close);
  const others = useIssues({ q: q || undefined, sort: "occurrences" }).data?.pages.flatMap(({ items }) => items) ?? [];
  const shown = others.filter(({ issueId }) => issueId !== issue.issueId).slice(0, MOST);
  return (
    <FormDialog
      title="Merge another issue"
      description="Its fingerprints and occurrences move into this issue. You can undo this."
      verb="Merge"
      form={form}
      onSubmit={() => submit(chosen)}
      close={close}
    >
      <SearchField label="Search issues" placeholder="Search titles" word={q} onChange={(next) => setQ(next ?? "")} />
      <ul className="flex max-h-72 flex-col gap-1 overflow-y-auto">
        {shown.length === 0 && (
          <li className="text-muted">
            {q ? "No other open issue has these words in its title." : "No other open issue."}
          </li>
        )}
        {shown.map((other) => (
          <Other key={other.issueId} issue={other} isChosen={chosen === other.issueId} choose={setChosen} />
        ))}
      </ul>
    </FormDialog>
  );
}

function useMerge(issueId: string, close: () => void) {
  const [problem, setProblem] = useState<string>();
  const { merge } = useIssueChanges(issueId);
  const onSuccess = () => {
    toastDone("Merged the issue. Undo it under Activity.");
    close();
  };
  const submit = (other: string) =>
    other ? void whenDone(merge.mutateAsync(other), onSuccess) : setProblem("Choose an issue.");
  return { form: { failure: problem, isBusy: merge.isPending }, submit };
}

type OtherProps = { issue: Issue; isChosen: boolean; choose: (issueId: string) => void };

const Other = ({ issue, isChosen, choose }: OtherProps) => (
  <li>
    <label className="flex items-start gap-2 rounded-control px-2 py-1 hover:bg-raised">
      <input
        type="radio"
        name="other"
        checked={isChosen}
        onChange={() => choose(issue.issueId)}
        className="mt-1 accent-accent"
      />
      <span className="min-w-0">
        <span dir="auto" className="block text-left [overflow-wrap:anywhere]">
          {titleWords(issue)}
        </span>
        <span className="num text-xs text-muted">{formatNumberOf(issue.occurrences, "occurrence")}</span>
      </span>
    </label>
  </li>
);
