import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Content } from "./row.ts";

type Failed = { readonly kind: "failed"; readonly message: string };
/** Bytes that a thread asked for; null lets it go on. */
export type ThreadAnswer = { readonly bytes: Uint8Array<ArrayBuffer> | null };
type Options = { readonly settings: object; readonly heapMb: number; readonly youngMb?: number };

/** A thread with bounded memory that asks for one thing after the other. One that ran out of memory says so as its last. */
export function openThread<Ask>(script: URL, { settings, heapMb, youngMb }: Options) {
  const worker = new Worker(script, {
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, ...(youngMb && { maxYoungGenerationSizeMb: youngMb }) },
  });
  const dead = once(worker, "error").then(([error]): Failed => {
    const isFull = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
    if (!isFull) throw error;
    return { kind: "failed", message: "it needs more memory than is allowed. Write it with smaller row groups" };
  });
  // An end without an error is asked for, so nobody waits for this then.
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
    /** Hands the bytes over, so that nobody else may hold them. */
    answer(answer: ThreadAnswer): void {
      worker.postMessage(answer, answer.bytes ? [answer.bytes.buffer] : []);
    },
    /** Tells something else; what `transfer` names is handed over. */
    tell(message: object, transfer: readonly ArrayBuffer[] = []): void {
      worker.postMessage(message, [...transfer]);
    },
    /** Whether the process waits for the thread at its end. */
    hold: () => worker.ref(),
    letGo: () => worker.unref(),
    close: () => worker.terminate(),
  };
}

/** The bytes of a range, in memory of their own. */
export async function readRange(content: Content, range: { readonly start: number; readonly end: number }) {
  const bytes = new Uint8Array(range.end - range.start);
  let at = 0;
  for await (const piece of content.read(range)) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}
