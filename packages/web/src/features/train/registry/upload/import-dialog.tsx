import { type FormEvent, useState } from "react";
import { explain } from "../../../../api.ts";
import { StartedJob } from "../../../../components/feedback/started-job.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { useLiveJob } from "../../../system/jobs/index.ts";
import { useModelChanges, useRegistryRefresh } from "../shared/use-registry-changes.ts";

/** Imports a model as a new version and shows the progress. */
export function ImportDialog({ name: given = "", close }: { name?: string; close: () => void }) {
  const [name, setName] = useState(given);
  const [source, setSource] = useState("");
  const [base, setBase] = useState("");
  const { start } = useModelChanges();
  const { data: job } = useLiveJob(start.data?.jobId, useRegistryRefresh());
  function submit(event: FormEvent) {
    event.preventDefault();
    start.mutate({ name: name.trim(), source: source.trim(), ...(base.trim() === "" ? {} : { base: base.trim() }) });
  }
  return (
    <Dialog
      title="Import model"
      description="Every file is scanned first. Pickle files, programs and damaged files are rejected."
      close={close}
    >
      {start.data ? (
        <StartedJob job={job} close={close} />
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field label="Name" help="The name to use in requests: lower-case letters, digits, dots and hyphens">
            {(field) => (
              <TextInput {...field} value={name} onChange={(event) => setName(event.target.value)} required />
            )}
          </Field>
          <Field
            label="Source"
            error={start.error ? explain(start.error) : undefined}
            help="hf:owner/repository, hf:owner/repository/file.gguf, local: and a pulled model, or a server path in an allowed folder. To import files from your computer, use Upload."
          >
            {(field) => (
              <TextInput
                {...field}
                value={source}
                onChange={(event) => setSource(event.target.value)}
                required
                className="font-mono text-xs"
              />
            )}
          </Field>
          <Field label="Base model (adapters only)" help="name@v1, name@production, or local:smollm2-135m-instruct">
            {(field) => (
              <TextInput
                {...field}
                value={base}
                onChange={(event) => setBase(event.target.value)}
                className="font-mono text-xs"
              />
            )}
          </Field>
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" kind="primary" isBusy={start.isPending}>
              Import
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}
