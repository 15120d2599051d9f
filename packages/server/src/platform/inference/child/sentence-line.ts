import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { SentenceAnswer, SentenceRequest } from "./sentence-worker.ts";

type Options = {
  /** The thread's program: it sends "ready", then answers each `SentenceRequest` with a `SentenceAnswer`. */
  readonly script: URL;
  /** How long one request may take. */
  readonly deadlineMs: number;
  /** The time after which an aborted request's thread is ended: a new thread costs more than a short wait. */
  readonly graceMs: number;
};

/** A thread with one request at a time. A thread that dies or does not finish is replaced for the next request. */
export function createSentenceLine({ script, deadlineMs, graceMs }: Options) {
  let worker: Worker | null = null;
  let tail: Promise<unknown> = Promise.resolve();

  async function start(): Promise<Worker> {
    const started = new Worker(script);
    // An unhandled error event would end the whole process. The thread's end follows it and is what counts.
    started.on("error", () => undefined);
    started.once("exit", () => {
      if (worker === started) worker = null;
    });
    worker = started;
    const early = new AbortController();
    started.once("exit", () => early.abort());
    await once(started, "message", { signal: early.signal });
    return started;
  }
  async function run(request: SentenceRequest, signal: AbortSignal) {
    if (signal.aborted) throw new AppError("cancelled");
    const running = worker ?? (await start().catch(failed));
    // A new thread takes a while to start. A caller who disconnected in the meantime is not notified.
    if (signal.aborted) throw new AppError("cancelled");
    const answer = await answerOf(running, request, { signal, deadlineMs, graceMs });
    if ("error" in answer) throw failure(answer.error);
    return answer;
  }

  return {
    /** Resolves when the requests before it are done. Throws `cancelled` when aborted, `model_failed` when the thread fails. */
    ask(request: SentenceRequest, signal: AbortSignal) {
      const turn = tail.then(() => run(request, signal));
      tail = turn.catch(() => undefined);
      return turn;
    },
    async start() {
      await start().catch(failed);
    },
    async close() {
      await worker?.terminate();
    },
  };
}

type Limits = { readonly signal: AbortSignal; readonly deadlineMs: number; readonly graceMs: number };

async function answerOf(worker: Worker, request: SentenceRequest, limits: Limits): Promise<SentenceAnswer> {
  const { signal, deadlineMs, graceMs } = limits;
  const { promise, resolve, reject } = Promise.withResolvers<SentenceAnswer>();
  const timers: NodeJS.Timeout[] = [];
  /** Settled only when the thread is gone, so that the next request gets a new one. */
  const giveUp = (error: AppError, afterMs: number) =>
    timers.push(setTimeout(() => void worker.terminate().finally(() => reject(error)), afterMs));
  const onAbort = () => giveUp(new AppError("cancelled"), graceMs);
  let why = "its thread ended";
  const onError = (error: unknown) => {
    why = messageOf(error);
  };
  const onExit = () => {
    // A thread that was abandoned has its own reason.
    setImmediate(reject, signal.aborted ? new AppError("cancelled") : failure(why));
  };
  worker.once("message", resolve).once("error", onError).once("exit", onExit);
  signal.addEventListener("abort", onAbort, { once: true });
  giveUp(failure(`it took longer than ${deadlineMs / 1_000} s; send less text per request`), deadlineMs);
  worker.postMessage(request);
  try {
    return await promise;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    worker.off("message", resolve).off("error", onError).off("exit", onExit);
  }
}

const failure = (why: string) => new AppError("model_failed", { message: `The embedding model failed: ${why}.` });
function failed(error: unknown): never {
  throw failure(error instanceof Error ? `its thread did not start (${error.message})` : "its thread did not start");
}
