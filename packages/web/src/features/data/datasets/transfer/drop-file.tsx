import { FileUp } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { ProgressBar } from "../../../../components/feedback/progress-bar.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { formatBytes } from "../../../../components/text/format.ts";
import { useUpload } from "./use-import.ts";

const TAKEN = ".csv,.tsv,.json,.jsonl,.ndjson,.parquet,.gz";

/** Uploads a dropped or chosen file. No items are created yet. */
export function DropFile({ onSent }: { onSent: (fileId: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const abort = useRef<AbortController>(undefined);
  const [isOver, setIsOver] = useState(false);
  const [file, setFile] = useState<File>();
  const { upload, sentBytes } = useUpload();
  useEffect(() => () => abort.current?.abort(), []);
  function send(chosen: File | undefined) {
    if (!chosen || upload.isPending) return;
    setFile(chosen);
    abort.current = new AbortController();
    upload.mutate({ file: chosen, signal: abort.current.signal }, { onSuccess: ({ fileId }) => onSent(fileId) });
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    send(event.dataTransfer.files[0]);
  }
  if (upload.isPending && file)
    return (
      <section aria-label="Upload progress" className="card p-5">
        <p className="flex flex-wrap justify-between gap-2">
          <span className="font-medium [overflow-wrap:anywhere]">{file.name}</span>
          <span className="num text-muted">
            {formatBytes(sentBytes)} of {formatBytes(file.size)}
          </span>
        </p>
        <ProgressBar
          label={`Uploading ${file.name}`}
          value={file.size === 0 ? undefined : sentBytes / file.size}
          className="my-3"
        />
        <Button
          size="small"
          onClick={() => {
            abort.current?.abort();
            upload.reset();
          }}
        >
          Cancel
        </Button>
      </section>
    );
  return (
    <>
      <Failure text={upload.error ? `The file was not uploaded. ${explain(upload.error)}` : undefined} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an alternative; the button inside works with the keyboard. */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={`flex flex-col items-center rounded-card border border-dashed px-4 py-14 text-center ${isOver ? "border-accent bg-accent-soft" : "border-line-strong bg-panel"}`}
      >
        <FileUp aria-hidden size={24} className="text-muted" />
        <p className="mt-3 text-base font-medium">Drop a file here</p>
        <p className="mt-1 max-w-120 text-muted text-pretty">
          CSV, TSV, JSON, JSONL or Parquet, optionally with gzip. Supports chats (OpenAI, ShareGPT, Alpaca),
          preferences, exports of Langfuse and LangSmith, and any table. The next step detects the format.
        </p>
        <Button kind="primary" className="mt-4" onClick={() => input.current?.click()}>
          Choose file
        </Button>
        <input
          ref={input}
          type="file"
          accept={TAKEN}
          aria-label="File"
          tabIndex={-1}
          onChange={({ target }) => send(target.files?.[0])}
          className="sr-only"
        />
      </div>
    </>
  );
}
