import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Content } from "./row.ts";

type Failed = { readonly kind: "failed"; readonly message: string };
/** The bytes that a thread requested; null lets the thread continue. */
export type ThreadAnswer = { readonly bytes: Uint8Array<ArrayBuffer> | null };
type Options = { readonly settings: object; readonly heapMb: number; readonly youngMb?: number };

/**
 * A thread with bounded memory that sends one request after the other. A thread that ran out of memory reports that
 * last.
 */
export function openThread<Ask>(script: URL, { settings, heapMb, youngMb }: Options) {
  const worker = new Worker(script, {
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, ...(youngMb && { maxYoungGenerationSizeMb: youngMb }) },
  });
  const dead = once(worker, "error").then(([error]): Failed => {
    const isFull = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
    if (!isFull) throw error;
    return { kind: "failed", message: "reading it needs more memory than the limit. Write it with smaller row groups" };
  });
  // An end without an error is requested, so no caller is waiting for it.
  dead.catch(() => undefined);
  const waiting: Ask[] = [];
  let wake: (() => void) | null = null;
  worker.on("message", (ask: Ask) => {
    waiting.push(ask);
    wake?.();
  });
  return {
    async next(): Promise<Ask | Failed> {
      const first = waiting.shift();
      if (first !== undefined) return first;
      const ended = await Promise.race([
        dead,
        new Promise<null>((resolve) => {
          wake = () => resolve(null);
        }),
      ]);
      wake = null;
      return ended ?? this.next();
    },
    /** Transfers the bytes, so that no one else can use them. */
    answer(answer: ThreadAnswer): void {
      worker.postMessage(answer, answer.bytes ? [answer.bytes.buffer] : []);
    },
    /** Sends another message. Objects in `transfer` are transferred. */
    tell(message: object, transfer: readonly ArrayBuffer[] = []): void {
      worker.postMessage(message, [...transfer]);
    },
    /** Whether the process waits for the thread at its end. */
    hold: () => worker.ref(),
    letGo: () => worker.unref(),
    close: () => worker.terminate(),
  };
}

/** The bytes of a range, in a separate buffer. */
export async function readRange(content: Content, range: { readonly start: number; readonly end: number }) {
  const bytes = new Uint8Array(range.end - range.start);
  let at = 0;
  for await (const piece of content.read(range)) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}
