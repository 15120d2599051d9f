import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { ProgressBar } from "../../../../components/feedback/progress-bar.tsx";
import { StartedJob } from "../../../../components/feedback/started-job.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { formatBytes } from "../../../../components/text/format.ts";
import { useLiveJob } from "../../../system/jobs/index.ts";
import { useModelChanges, useRegistryRefresh } from "../shared/use-registry-changes.ts";
import type { ChosenFile } from "./chosen-files.ts";
import { RefusedFiles } from "./refused-files.tsx";
import { type UploadDraft, UploadForm } from "./upload-form.tsx";
import { refusedIn, useScan, useUpload } from "./use-upload.ts";

const totalOf = (files: readonly ChosenFile[]) => files.reduce((sum, { file }) => sum + file.size, 0);

/** Uploads the files of a model, which are scanned and become a new version. */
export function UploadDialog({ name: given = "", close }: { name?: string; close: () => void }) {
  const [draft, setDraft] = useState<UploadDraft>({ name: given, base: "", alias: "", isTried: false });
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const { upload, start, jobId, send, bring } = useModelUpload(draft);
  const isSending = upload.send.isPending || start.isPending;
  const isForm = jobId === undefined && !isSending;
  const refused = refusedIn(upload.send.error);
  const choose = (chosen: readonly ChosenFile[]) => {
    setFiles(chosen);
    upload.send.reset();
  };
  const sendRest = () => {
    const rest = files.filter(({ path }) => !refused.some((one) => one.path === path));
    choose(rest);
    if (rest.length > 0) send(rest);
  };
  return (
    <Dialog
      title={isForm ? "Upload model" : `Upload ${draft.name}`}
      description={
        isForm &&
        "GGUF, safetensors or ONNX, with their companion files. Every file is scanned; nothing is unpacked, loaded or run."
      }
      close={close}
    >
      {jobId ? (
        <Scanned
          jobId={jobId}
          name={draft.name}
          uploadId={upload.send.data}
          onDone={upload.settle}
          onPart={(uploadId) => bring(uploadId, true)}
          close={close}
        />
      ) : isSending ? (
        <Sending files={files} sentBytes={upload.sentBytes} cancel={upload.cancel} />
      ) : (
        <UploadForm
          draft={draft}
          change={(next) => setDraft({ ...draft, ...next })}
          files={files}
          onChoose={choose}
          verb={upload.send.error && refused.length === 0 ? "Resume" : "Upload"}
          onSend={() => send(files)}
          close={close}
        >
          {refused.length > 0 ? (
            <RefusedFiles findings={refused} goOn={sendRest} />
          ) : (
            <Failure text={troubleOf(upload.send.error, start.error)} />
          )}
        </UploadForm>
      )}
    </Dialog>
  );
}

/** The upload of the files, and then the job that scans and stores them as a version. */
function useModelUpload({ name, base, alias }: UploadDraft) {
  const upload = useUpload();
  const { start } = useModelChanges();
  const [jobId, setJobId] = useState<string>();
  const bring = (uploadId: string, leaveOut: boolean) =>
    start.mutate(
      {
        name: name.trim(),
        source: `upload:${uploadId}`,
        leaveOut,
        ...(base.trim() === "" ? {} : { base: base.trim() }),
        ...(alias.trim() === "" ? {} : { alias: alias.trim() }),
      },
      { onSuccess: (started) => setJobId(started.jobId) },
    );
  const send = (files: readonly ChosenFile[]) => upload.send.mutate(files, { onSuccess: (id) => bring(id, false) });
  return { upload, start, jobId, send, bring };
}

type ScannedProps = {
  jobId: string;
  name: string;
  uploadId: string | undefined;
  /** Called when the files have become a version. */
  onDone: () => void;
  /** Stores the upload without the rejected files. */
  onPart: (uploadId: string) => void;
  close: () => void;
};

/** The job that scans the files and stores them, and the files that it rejected. */
function Scanned({ jobId, name, uploadId, onDone, onPart, close }: ScannedProps) {
  const scan = useScan();
  const refresh = useRegistryRefresh();
  const { data: job } = useLiveJob(jobId, ({ status }) => {
    refresh();
    if (status === "done") onDone();
    else if (status === "failed" && uploadId) scan.mutate(uploadId);
  });
  const findings = scan.data && !scan.data.isSafe ? scan.data.findings : undefined;
  // Without a known format, no model would be left.
  const partId = scan.data && scan.data.format !== null ? uploadId : undefined;
  return (
    <StartedJob
      job={job}
      close={close}
      closeLabel="Close"
      result={
        <Link to="/models/registry/$name" params={{ name: name.trim() }} onClick={close} className={buttonLook()}>
          Open {name}
        </Link>
      }
    >
      {findings && (
        <RefusedFiles
          findings={findings}
          goOn={
            partId === undefined
              ? undefined
              : () => {
                  scan.reset();
                  onPart(partId);
                }
          }
        />
      )}
    </StartedJob>
  );
}

function troubleOf(sending: unknown, starting: unknown): string | undefined {
  if (sending)
    return `The upload is incomplete. ${explain(sending)} The parts that arrived are stored and are not sent again.`;
  return starting ? `The upload is complete. ${explain(starting)}` : undefined;
}

type SendingProps = { files: readonly ChosenFile[]; sentBytes: number; cancel: () => void };

function Sending({ files, sentBytes, cancel }: SendingProps) {
  const total = totalOf(files);
  return (
    <>
      <section aria-label="Upload progress" className="pb-2">
        <p className="flex flex-wrap justify-between gap-2">
          <span className="font-medium">Uploading {files.length === 1 ? files[0]?.path : `${files.length} files`}</span>
          <span className="num text-muted">
            {formatBytes(sentBytes)} of {formatBytes(total)}
          </span>
        </p>
        <ProgressBar label="Upload progress" value={total === 0 ? undefined : sentBytes / total} className="my-3" />
        <p className="text-muted">
          If the connection fails, choose the same files again. The upload continues where it stopped.
        </p>
      </section>
      <DialogActions>
        <Button onClick={cancel}>Cancel</Button>
      </DialogActions>
    </>
  );
}
