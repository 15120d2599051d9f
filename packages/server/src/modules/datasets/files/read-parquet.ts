import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { AppError } from "../../../kernel/errors.ts";
import type { FileLimits } from "./limits.ts";
import type { ParquetAnswer, ParquetAsk, ParquetSettings } from "./parquet-thread.ts";
import { parseRow, tooLong } from "./parse-row.ts";
import type { Content, FileRow, FileRows } from "./row.ts";
import { asBuffer } from "./split-lines.ts";

const NEWLINE = 0x0a;

/**
 * The rows of a Parquet file. They are decoded in a thread whose memory is bounded: what a file claims of itself can cost the
 * thread, never the server.
 */
export async function* readParquet(content: Content, limits: FileLimits, signal?: AbortSignal): FileRows {
  const settings: ParquetSettings = { sizeBytes: content.sizeBytes, limits: limits.parquet };
  const worker = new Worker(new URL("./parquet-thread.ts", import.meta.url), {
    name: "parquet",
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: limits.parquet.heapMb },
  });
  const answer = (message: ParquetAnswer) => worker.postMessage(message);
  const asks = createAsks(worker);
  let row = 1;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const ask = await asks.next();
      if (ask.kind === "end") return;
      if (ask.kind === "failed") throw unreadable(ask.message);
      if (ask.kind === "read") answer({ bytes: await readRange(content, ask) });
      else {
        const rows = rowsOf(asBuffer(ask.lines), row, limits.lineBytes);
        row += rows.length;
        yield rows;
        answer({ bytes: null });
      }
    }
  } finally {
    await worker.terminate();
  }
}

/** What the thread asks for, one at a time. A thread that ran out of memory says so as its last. */
function createAsks(worker: Worker) {
  const dead = once(worker, "error").then(([error]): ParquetAsk => {
    const isFull = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
    if (!isFull) throw error;
    return { kind: "failed", message: "it needs more memory than is allowed. Write it with smaller row groups" };
  });
  // An end without an error is asked for, so nobody waits for this then.
  dead.catch(() => undefined);
  const waiting: ParquetAsk[] = [];
  let wake: (() => void) | null = null;
  worker.on("message", (ask: ParquetAsk) => {
    waiting.push(ask);
    wake?.();
  });
  return {
    async next(): Promise<ParquetAsk> {
      const first = waiting.shift();
      if (first) return first;
      const ended = await Promise.race([
        dead,
        new Promise<null>((resolve) => {
          wake = () => resolve(null);
        }),
      ]);
      wake = null;
      return ended ?? this.next();
    },
  };
}

async function readRange(content: Content, { start, end }: { start: number; end: number }): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let at = 0;
  for await (const piece of content.read({ start, end })) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

/** The thread writes rows as lines of JSON, which are checked as those of any file. */
function rowsOf(lines: Buffer, first: number, maxBytes: number): FileRow[] {
  const rows: FileRow[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf(NEWLINE, at);
    const bytes = lines.subarray(at, end);
    const row = first + rows.length;
    rows.push(bytes.length > maxBytes ? tooLong(row, maxBytes) : parseRow(row, bytes, true));
    at = end + 1;
  }
  return rows;
}

const unreadable = (message: string) =>
  new AppError("unprocessable", { message: `The Parquet file cannot be read: ${message.replace(/\.$/, "")}.` });
