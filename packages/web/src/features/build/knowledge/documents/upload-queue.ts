import { MAX_DOCUMENT_BYTES } from "@treadle/contract";

/** What the queue reads of a file. */
type Sized = { readonly name: string; readonly size: number };
type Send<File extends Sized> = (file: File, signal: AbortSignal) => Promise<void>;

export type Upload = {
  readonly id: number;
  readonly name: string;
  readonly sizeBytes: number;
  readonly state: "queued" | "sending" | "done" | "failed";
  /** Why it failed. Empty otherwise. */
  readonly error: string;
  /** Whether sending it again can succeed. */
  readonly canRetry: boolean;
};
type Entry<File extends Sized> = { upload: Upload; file: File; send: Send<File>; stop: AbortController };
type Options = { readonly atOnce: number; readonly explain: (error: unknown) => string; readonly onDone: () => void };

const LIMIT_MIB = MAX_DOCUMENT_BYTES / 1024 ** 2;

/** Why a file cannot be uploaded, or undefined. */
function problemOf({ size }: Sized): string | undefined {
  if (size === 0) return "The file is empty.";
  if (size > MAX_DOCUMENT_BYTES) return `The file has more than ${LIMIT_MIB} MiB. Split it, or upload its text.`;
  return undefined;
}

/**
 * Sends files in order, at most `atOnce` of them at the same time. It lives longer than a page, so that uploads continue on other
 * pages. `onDone` is called after each file that has arrived.
 */
export function createUploadQueue<File extends Sized>({ atOnce, explain, onDone }: Options) {
  let entries: readonly Entry<File>[] = [];
  let uploads: readonly Upload[] = [];
  let nextId = 1;
  const listeners = new Set<() => void>();
  function publish(next: readonly Entry<File>[]) {
    entries = next;
    uploads = entries.map(({ upload }) => upload);
    for (const listener of listeners) listener();
  }
  const change = (id: number, part: Partial<Upload>) =>
    publish(
      entries.map((entry) => (entry.upload.id === id ? { ...entry, upload: { ...entry.upload, ...part } } : entry)),
    );
  function fill() {
    const sending = uploads.filter(({ state }) => state === "sending").length;
    const next = entries.filter(({ upload }) => upload.state === "queued").slice(0, Math.max(0, atOnce - sending));
    for (const entry of next) void run(entry);
  }
  async function run({ upload: { id }, file, send, stop }: Entry<File>): Promise<void> {
    change(id, { state: "sending" });
    try {
      await send(file, stop.signal);
      change(id, { state: "done" });
      onDone();
    } catch (error) {
      if (!stop.signal.aborted) change(id, { state: "failed", error: explain(error) });
    }
    fill();
  }
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** All uploads in the order in which they were added. The list is replaced by each change. */
    snapshot: () => uploads,
    add(files: readonly File[], send: Send<File>) {
      const added = files.map((file): Entry<File> => {
        const error = problemOf(file) ?? "";
        const state = error === "" ? "queued" : "failed";
        const upload: Upload = {
          id: nextId++,
          name: file.name,
          sizeBytes: file.size,
          state,
          error,
          canRetry: error === "",
        };
        return { upload, file, send, stop: new AbortController() };
      });
      publish([...entries, ...added]);
      fill();
    },
    retry(id: number) {
      change(id, { state: "queued", error: "" });
      fill();
    },
    /** Stops an upload, or takes a failed one from the list. */
    remove(id: number) {
      entries.find(({ upload }) => upload.id === id)?.stop.abort();
      publish(entries.filter(({ upload }) => upload.id !== id));
      fill();
    },
    /** Takes everything from the list that has ended. */
    clear: () => publish(entries.filter(({ upload: { state } }) => state === "queued" || state === "sending")),
  };
}
export type UploadQueue<File extends Sized> = ReturnType<typeof createUploadQueue<File>>;

/** The numbers of uploads by state. */
export function countUploads(uploads: readonly Upload[]) {
  const count = (wanted: Upload["state"]) => uploads.filter(({ state }) => state === wanted).length;
  const [done, failed] = [count("done"), count("failed")];
  return { total: uploads.length, done, failed, active: uploads.length - done - failed };
}
