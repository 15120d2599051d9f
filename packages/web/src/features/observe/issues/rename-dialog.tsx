import { useState } from "react";
import { explain } from "../../../api.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { TextField } from "../../../components/form/typed-fields.tsx";
import { type IssueDetail, useIssueChanges } from "./use-issues.ts";

export function RenameDialog({ issue, close }: { issue: IssueDetail; close: () => void }) {
  const { update } = useIssueChanges(issue.issueId);
  const [title, setTitle] = useState(issue.title);
  const [problem, setProblem] = useState<string>();
  const submit = () =>
    title.trim() ? update.mutate({ title: title.trim() }, { onSuccess: close }) : setProblem("Enter a title.");
  return (
    <FormDialog
      title="Rename the issue"
      verb="Rename"
      form={{ failure: update.error ? explain(update.error) : problem, isBusy: update.isPending }}
      onSubmit={submit}
      close={close}
    >
      <TextField label="Title" value={title} most={300} onChange={setTitle} />
    </FormDialog>
  );
}
