import { Link } from "@tanstack/react-router";
import { ModelAlias, ModelName } from "@treadle/contract";
import { type FormEvent, useState } from "react";
import { explain } from "../../api.ts";
import { Button, buttonLook } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, TextInput } from "../../components/field.tsx";
import { formatBytes } from "../../components/format.ts";
import { JobProgress } from "../../components/job-progress.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useLiveJob } from "../jobs/index.ts";
import type { ChosenFile } from "./chosen-files.ts";
import { FileChoice } from "./file-choice.tsx";
import { RefusedFiles } from "./refused-files.tsx";
import { useModelChanges, useRegistryRefresh } from "./use-registry-changes.ts";
import { refusedIn, useScan, useUpload } from "./use-upload.ts";

const totalOf = (files: readonly ChosenFile[]) => files.reduce((sum, { file }) => sum + file.size, 0);

/** Sends the files of a model, which are looked at and become a new version. */
export function UploadDialog({ name: given = "", close }: { name?: string; close: () => void }) {
  const [name, setName] = useState(given);
  const [base, setBase] = useState("");
  const [alias, setAlias] = useState("");
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const [isTried, setTried] = useState(false);
  const upload = useUpload();
  const scan = useScan();
  const { start } = useModelChanges();
  const refresh = useRegistryRefresh();
  const [jobId, setJobId] = useState<string>();
  const uploadId = upload.send.data;
  const { data: job } = useLiveJob(jobId, (ended) => {
    refresh();
    if (ended.status === "done") upload.settle();
    else if (ended.status === "failed" && uploadId) scan.mutate(uploadId);
  });
  const nameProblem = ModelName.safeParse(name.trim()).error?.issues[0]?.message;
  const aliasProblem = alias.trim() === "" ? undefined : ModelAlias.safeParse(alias.trim()).error?.issues[0]?.message;
  const bring = (source: string, leaveOut: boolean) =>
    start.mutate(
      {
        ...{ name: name.trim(), source: `upload:${source}`, leaveOut },
        ...(base.trim() === "" ? {} : { base: base.trim() }),
        ...(alias.trim() === "" ? {} : { alias: alias.trim() }),
      },
      { onSuccess: (started) => setJobId(started.jobId) },
    );
  const send = (chosen: readonly ChosenFile[]) => upload.send.mutate(chosen, { onSuccess: (id) => bring(id, false) });
  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (!nameProblem && !aliasProblem && files.length > 0) send(files);
  }
  if (jobId)
    return (
      <Dialog title={`Upload ${name}`} close={close}>
        {job && (
          <JobProgress job={job}>
            <Link to="/models/registry/$name" params={{ name: name.trim() }} onClick={close} className={buttonLook()}>
              Open {name}
            </Link>
          </JobProgress>
        )}
        {scan.data && !scan.data.isSafe && (
          <RefusedFiles
            findings={scan.data.findings}
            goOn={
              scan.data.format === null || !uploadId
                ? undefined
                : () => {
                    scan.reset();
                    bring(uploadId, true);
                  }
            }
          />
        )}
        <DialogActions>
          <Button onClick={close}>{job?.status === "done" ? "Done" : "Close"}</Button>
        </DialogActions>
      </Dialog>
    );
  if (upload.send.isPending || start.isPending)
    return (
      <Dialog title={`Upload ${name}`} close={close}>
        <Sending files={files} sentBytes={upload.sentBytes} />
        <DialogActions>
          <Button onClick={upload.cancel}>Cancel</Button>
        </DialogActions>
      </Dialog>
    );
  const refused = refusedIn(upload.send.error);
  return (
    <Dialog
      title="Upload a model"
      description="GGUF, safetensors or ONNX with the files beside them. Every file is looked at; nothing is unpacked, loaded or run."
      close={close}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="Name"
          help="What requests will ask for: small letters, digits, dots and dashes"
          error={isTried ? nameProblem : undefined}
        >
          {(field) => <TextInput {...field} value={name} autoFocus onChange={({ target }) => setName(target.value)} />}
        </Field>
        <FileChoice
          files={files}
          error={isTried && files.length === 0 ? "Choose the files of a model, or its folder." : undefined}
          onChoose={(chosen) => {
            setFiles(chosen);
            upload.send.reset();
          }}
        />
        <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
          <Field label="Base" isOptional help="Of an adapter: name@v1, or local: and a pulled model">
            {(field) => (
              <TextInput
                {...field}
                value={base}
                onChange={({ target }) => setBase(target.value)}
                className="font-mono text-xs"
              />
            )}
          </Field>
          <Field
            label="Alias"
            isOptional
            help="Moved to it when it is there"
            error={isTried ? aliasProblem : undefined}
          >
            {(field) => (
              <TextInput
                {...field}
                value={alias}
                placeholder="staging"
                onChange={({ target }) => setAlias(target.value)}
                className="font-mono text-xs"
              />
            )}
          </Field>
        </div>
        {refused.length > 0 ? (
          <RefusedFiles
            findings={refused}
            goOn={() => {
              const rest = files.filter(({ path }) => !refused.some((one) => one.path === path));
              setFiles(rest);
              upload.send.reset();
              if (rest.length > 0) send(rest);
            }}
          />
        ) : (
          <Failure text={troubleOf(upload.send.error, start.error)} />
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={start.isPending}>
            {upload.send.error && refused.length === 0 ? "Go on" : "Upload"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function troubleOf(sending: unknown, starting: unknown): string | undefined {
  if (sending) return `Not all was sent. ${explain(sending)} What has come stays, and is not sent again.`;
  return starting ? `The files have come. ${explain(starting)}` : undefined;
}

function Sending({ files, sentBytes }: { files: readonly ChosenFile[]; sentBytes: number }) {
  const total = totalOf(files);
  return (
    <section aria-label="Sending" className="pb-2">
      <p className="flex flex-wrap justify-between gap-2">
        <span className="font-medium">Sending {files.length === 1 ? files[0]?.path : `${files.length} files`}</span>
        <span className="num text-muted">
          {formatBytes(sentBytes)} of {formatBytes(total)}
        </span>
      </p>
      <ProgressBar label="Sending" value={total === 0 ? undefined : sentBytes / total} className="my-3" />
      <p className="text-muted">
        Should the connection break, choose the same files again: what has come is not sent twice.
      </p>
    </section>
  );
}
