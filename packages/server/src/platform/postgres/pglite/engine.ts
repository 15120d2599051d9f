import { Worker } from "node:worker_threads";
import type { EngineOptions, EngineReply, EngineRequest, Fault } from "./worker.ts";

/** One life of the worker thread that the database runs in: a query there does not hold up the event loop here. */
export type Engine = {
  /** Resolves when this life is over, with the reason; its `code` is one of PostgreSQL's. */
  readonly ended: Promise<Error>;
  /** Sends messages of the wire protocol; gives what the database answers. Rejects when the engine dies instead. */
  exec(bytes: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
};

type Waiting = { resolve(bytes: Uint8Array): void; reject(error: Error): void };

/** A longer call counts as hung: some failures leave the engine in an endless loop. It recovers as after a crash. */
const LONGEST_MS = 300_000;

/** PostgreSQL's code for a connection that failed. */
const stopped = (message: string): Fault => ({ code: "08006", message });

/** Resolves when the database has opened and, after a crash, recovered. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: options,
    name: "postgres",
    // The database's memory lies outside of JavaScript's; what passes through is short-lived and small.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  const waiting = new Map<number, Waiting>();
  const { promise: ended, resolve: markEnded } = Promise.withResolvers<Error>();
  let lastId = 0;
  let fault: Error | undefined;
  let isOpen = false;
  const end = ({ code, message }: Fault) => {
    fault ??= Object.assign(new Error(isOpen ? `The embedded PostgreSQL stopped: ${message}` : message), { code });
    for (const { reject } of waiting.values()) reject(fault);
    waiting.clear();
    markEnded(fault);
    void worker.terminate();
  };
  const wait = (id: number) => new Promise<Uint8Array>((resolve, reject) => waiting.set(id, { resolve, reject }));
  const ask = async (request: EngineRequest, transfer: readonly ArrayBuffer[] = []) => {
    if (fault) throw fault;
    const answer = wait(request.id);
    worker.postMessage(request, transfer);
    const tooLong = setTimeout(
      () => end(stopped(`a statement took longer than ${LONGEST_MS / 1_000} seconds`)),
      LONGEST_MS,
    );
    return answer.finally(() => clearTimeout(tooLong));
  };
  worker.on("message", ({ id, bytes, fault }: EngineReply) => {
    // A fatal error is also an answer, which says more than "stopped".
    if (bytes.length > 0 || fault === null) {
      waiting.get(id)?.resolve(bytes);
      waiting.delete(id);
    }
    if (fault !== null) end(fault);
  });
  worker.on("error", (error) => end(stopped(error.message)));
  worker.on("exit", (code) => end(stopped(`its thread ended with code ${code}`)));
  await wait(0);
  isOpen = true;
  return {
    ended,
    exec(bytes) {
      // A separate copy, because pg returns pieces of a larger buffer, which must not be transferred to the worker.
      const copy = Uint8Array.from(bytes);
      return ask({ id: ++lastId, kind: "exec", bytes: copy }, [copy.buffer]);
    },
    async close() {
      if (!fault) await ask({ id: ++lastId, kind: "close" });
      end(stopped("it was closed"));
    },
  };
}
