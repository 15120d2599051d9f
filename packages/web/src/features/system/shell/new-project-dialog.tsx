import { type FormEvent, useState } from "react";
import { explain } from "../../../api.ts";
import { Button } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { useProjectChanges } from "../session/index.ts";

/** Asks for a project name, then creates and opens the project. */
export function NewProjectDialog({ open, close }: { open: (projectId: string) => void; close: () => void }) {
  const { create } = useProjectChanges();
  const [name, setName] = useState("");
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(name.trim(), {
      onSuccess: ({ projectId }) => {
        close();
        open(projectId);
      },
    });
  }
  return (
    <Dialog
      title="New project"
      description="A project has its own traces, datasets, prompts, members and API keys."
      close={close}
      width="narrow"
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" error={create.error ? explain(create.error) : undefined}>
          {(field) => (
            <TextInput
              {...field}
              value={name}
              onChange={(event) => setName(event.target.value)}
              maxLength={120}
              required
              autoFocus
            />
          )}
        </Field>
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={create.isPending} disabled={name.trim() === ""}>
            Create project
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
