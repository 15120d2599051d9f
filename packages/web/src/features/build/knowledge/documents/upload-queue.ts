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

const isActive = ({ state }: Upload) => state === "queued" || state === "sending";

function entryOf<File extends Sized>(id: number, file: File, send: Send<File>): Entry<File> {
  const error = problemOf(file) ?? "";
  const canRetry = error === "";
  const state = canRetry ? "queued" : "failed";
  const upload: Upload = { id, name: file.name, sizeBytes: file.size, state, error, canRetry };
  return { upload, file, send, stop: new AbortController() };
}

/** The entries of a queue. Each change replaces the list and calls the listeners. */
function createEntries<File extends Sized>() {
  let entries: readonly Entry<File>[] = [];
  let uploads: readonly Upload[] = [];
  const listeners = new Set<() => void>();
  function publish(next: readonly Entry<File>[]) {
    entries = next;
    uploads = entries.map(({ upload }) => upload);
    for (const listener of listeners) listener();
  }
  return {
    all: () => entries,
    uploads: () => uploads,
    publish,
    change(id: number, part: Partial<Upload>) {
      const changed = (entry: Entry<File>) => ({ ...entry, upload: { ...entry.upload, ...part } });
      publish(entries.map((entry) => (entry.upload.id === id ? changed(entry) : entry)));
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
type Entries<File extends Sized> = ReturnType<typeof createEntries<File>>;

/** Returns a function that starts as many queued uploads as there is room for. Each upload that ends starts the next. */
function createSender<File extends Sized>(entries: Entries<File>, { atOnce, explain, onDone }: Options) {
  function fill() {
    const sending = entries.uploads().filter(({ state }) => state === "sending").length;
    const queued = entries.all().filter(({ upload }) => upload.state === "queued");
    for (const entry of queued.slice(0, Math.max(0, atOnce - sending))) void run(entry);
  }
  async function run({ upload: { id }, file, send, stop }: Entry<File>): Promise<void> {
    entries.change(id, { state: "sending" });
    try {
      await send(file, stop.signal);
      entries.change(id, { state: "done" });
      onDone();
    } catch (error) {
      if (!stop.signal.aborted) entries.change(id, { state: "failed", error: explain(error) });
    }
    fill();
  }
  return fill;
}

/**
 * Sends files in order, at most `atOnce` of them at the same time. It lives longer than a page, so that uploads continue on other
 * pages. `onDone` is called after each file that has arrived.
 */
export function createUploadQueue<File extends Sized>(options: Options) {
  const entries = createEntries<File>();
  const fill = createSender(entries, options);
  let nextId = 1;
  function replace(next: readonly Entry<File>[]) {
    entries.publish(next);
    fill();
  }
  return {
    subscribe: entries.subscribe,
    /** All uploads in the order in which they were added. The list is replaced by each change. */
    snapshot: entries.uploads,
    add: (files: readonly File[], send: Send<File>) =>
      replace([...entries.all(), ...files.map((file) => entryOf(nextId++, file, send))]),
    retry(id: number) {
      entries.change(id, { state: "queued", error: "" });
      fill();
    },
    /** Stops an upload, or takes a failed one from the list. */
    remove(id: number) {
      entries
        .all()
        .find(({ upload }) => upload.id === id)
        ?.stop.abort();
      replace(entries.all().filter(({ upload }) => upload.id !== id));
    },
    /** Takes everything from the list that has ended. */
    clear: () => entries.publish(entries.all().filter(({ upload }) => isActive(upload))),
  };
}
export type UploadQueue<File extends Sized> = ReturnType<typeof createUploadQueue<File>>;

/** The numbers of uploads by state. */
export function countUploads(uploads: readonly Upload[]) {
  const count = (wanted: Upload["state"]) => uploads.filter(({ state }) => state === wanted).length;
  const [done, failed] = [count("done"), count("failed")];
  return { total: uploads.length, done, failed, active: uploads.length - done - failed };
}
