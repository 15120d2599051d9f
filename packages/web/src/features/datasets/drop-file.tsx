import { FileUp } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/failure.tsx";
import { formatBytes } from "../../components/format.ts";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useUpload } from "./use-import.ts";

const TAKEN = ".csv,.tsv,.json,.jsonl,.ndjson,.parquet,.gz";

/** Takes a file that is dropped or chosen, and sends it. Nothing becomes an item yet. */
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
      <section aria-label="Sending" className="card p-5">
        <p className="flex flex-wrap justify-between gap-2">
          <span className="font-medium [overflow-wrap:anywhere]">{file.name}</span>
          <span className="num text-muted">
            {formatBytes(sentBytes)} of {formatBytes(file.size)}
          </span>
        </p>
        <ProgressBar
          label={`Sending ${file.name}`}
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
      <Failure text={upload.error ? `The file was not sent. ${explain(upload.error)}` : undefined} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button inside has the keyboard. */}
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
          CSV, TSV, JSON, JSONL or Parquet, also with gzip. Chats as OpenAI, ShareGPT or Alpaca write them, preferences,
          exports of Langfuse and LangSmith, or any table: what it is gets recognised in the next step.
        </p>
        <Button kind="primary" className="mt-4" onClick={() => input.current?.click()}>
          Choose a file
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
