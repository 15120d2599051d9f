import { CircleAlert, CircleCheck, RotateCw, X } from "lucide-react";
import { ProgressBar } from "../../../../components/feedback/progress-bar.tsx";
import { Button, IconButton, Spinner } from "../../../../components/form/button.tsx";
import { formatBytes, formatCount } from "../../../../components/text/format.ts";
import { countUploads, type Upload } from "./upload-queue.ts";
import type { Uploads } from "./use-uploads.ts";

/** The progress of all uploads, and each file with its error. */
export function UploadList({ uploads }: { uploads: Uploads }) {
  const { total, done, failed, active } = countUploads(uploads.uploads);
  if (total === 0) return null;
  const words = `${formatCount(done)} of ${formatCount(total)} uploaded${failed > 0 ? `, ${formatCount(failed)} failed` : ""}`;
  return (
    <section aria-label="Uploads" className="card overflow-hidden">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
        <h2 className="font-medium">{active > 0 ? "Uploading" : failed > 0 ? "Some uploads failed" : "Uploaded"}</h2>
        <span role="status" className="num grow text-muted">
          {words}
        </span>
        {active === 0 && (
          <Button size="small" onClick={uploads.clear}>
            Close
          </Button>
        )}
      </div>
      {active > 0 && (
        <ProgressBar label="Progress of the uploads" value={(done + failed) / total} className="mx-4 mb-2.5" />
      )}
      <ul className="max-h-60 divide-y divide-line overflow-y-auto border-line border-t">
        {uploads.uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} uploads={uploads} />
        ))}
      </ul>
    </section>
  );
}

const WORDS: Readonly<Record<Upload["state"], string>> = {
  queued: "queued",
  sending: "uploading",
  done: "uploaded",
  failed: "failed",
};

type RowProps = { upload: Upload; uploads: Uploads };

function UploadRow({ upload, uploads }: RowProps) {
  const { name, sizeBytes, state, error } = upload;
  return (
    <li className="flex items-start gap-2 px-4 py-1.5">
      <span className="flex h-5 w-4 shrink-0 items-center">
        <StateIcon state={state} />
      </span>
      <span className="min-w-0 grow">
        <span className="[overflow-wrap:anywhere]">{name}</span>
        {error && <span className="block text-bad [overflow-wrap:anywhere]">{error}</span>}
      </span>
      <span className="num shrink-0 text-muted">
        {formatBytes(sizeBytes)}, {WORDS[state]}
      </span>
      <UploadActions upload={upload} uploads={uploads} />
    </li>
  );
}

function UploadActions({ upload: { id, name, state, canRetry }, uploads }: RowProps) {
  return (
    <>
      {state === "failed" && canRetry && (
        <IconButton size="small" label={`Upload ${name} again`} onClick={() => uploads.retry(id)}>
          <RotateCw size={13} />
        </IconButton>
      )}
      {state !== "done" && (
        <IconButton
          size="small"
          label={state === "failed" ? `Remove ${name} from the list` : `Cancel the upload of ${name}`}
          onClick={() => uploads.remove(id)}
        >
          <X size={13} />
        </IconButton>
      )}
    </>
  );
}

function StateIcon({ state }: { state: Upload["state"] }) {
  if (state === "sending") return <Spinner />;
  if (state === "done") return <CircleCheck aria-hidden size={14} className="text-good" />;
  if (state === "failed") return <CircleAlert aria-hidden size={14} className="text-bad" />;
  return null;
}
