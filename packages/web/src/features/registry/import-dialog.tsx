import { type FormEvent, useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Field, TextInput } from "../../components/field.tsx";
import { JobProgress } from "../../components/job-progress.tsx";
import { useLiveJob } from "../jobs/index.ts";
import { useModelChanges, useRegistryRefresh } from "./use-registry-changes.ts";

/** Brings a model in as a new version, and shows how far that is. */
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
      title="Import a model"
      description="Every file is looked at first: pickles, programs and damaged files are refused."
      close={close}
    >
      {start.data ? (
        <>
          {job && <JobProgress job={job} />}
          <DialogActions>
            <Button onClick={close}>{job?.status === "done" ? "Done" : "Close; it goes on"}</Button>
          </DialogActions>
        </>
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field label="Name" help="What requests will ask for: small letters, digits, dots and dashes">
            {(field) => (
              <TextInput {...field} value={name} onChange={(event) => setName(event.target.value)} required />
            )}
          </Field>
          <Field
            label="Where from"
            error={start.error ? explain(start.error) : undefined}
            help="hf:owner/repository, hf:owner/repository/file.gguf, local: and a pulled model, or a path on the machine that runs Treadle"
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
          <Field label="Base, for an adapter" help="name@v1, name@production, or local:smollm2-135m-instruct">
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
