import { useState } from "react";
import { explain } from "../../../api.ts";
import { Button } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { type IssueDetail, useIssueChanges } from "./use-issues.ts";

export function RenameDialog({ issue, close }: { issue: IssueDetail; close: () => void }) {
  const { update } = useIssueChanges(issue.issueId);
  const [title, setTitle] = useState(issue.title);
  return (
    <Dialog title="Rename the issue" close={close}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim()) update.mutate({ title: title.trim() }, { onSuccess: close });
        }}
      >
        <Field label="Title" error={update.error ? explain(update.error) : undefined}>
          <TextInput value={title} maxLength={300} onChange={({ target }) => setTitle(target.value)} />
        </Field>
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={update.isPending} disabled={title.trim() === ""}>
            Rename
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
