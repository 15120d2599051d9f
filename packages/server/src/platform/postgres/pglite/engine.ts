import { Worker } from "node:worker_threads";
import type { EngineOptions, EngineReply, EngineRequest } from "./worker.ts";

type Waiting = { resolve(bytes: Uint8Array): void; reject(error: Error): void };

/** One life of the worker thread that the database runs in: a query there does not hold up the event loop here. */
export type Engine = {
  readonly isAlive: boolean;
  /** Sends messages of the wire protocol; gives what the database answers. Rejects when the engine dies. */
  exec(bytes: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
};

/** Resolves when the database has opened and, after a crash, recovered. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: options, name: "postgres" });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let isAlive = true;
  const end = (reason: string) => {
    isAlive = false;
    for (const { reject } of waiting.values()) reject(new Error(`The embedded PostgreSQL stopped: ${reason}`));
    waiting.clear();
    void worker.terminate();
  };
  const wait = (id: number) => new Promise<Uint8Array>((resolve, reject) => waiting.set(id, { resolve, reject }));
  const ask = (request: EngineRequest, transfer: readonly ArrayBuffer[] = []) => {
    if (!isAlive) return Promise.reject(new Error("The embedded PostgreSQL has stopped."));
    const answer = wait(request.id);
    worker.postMessage(request, transfer);
    return answer;
  };
  worker.on("message", (reply: EngineReply) => {
    if ("error" in reply) return end(reply.error);
    waiting.get(reply.id)?.resolve(reply.bytes);
    waiting.delete(reply.id);
  });
  worker.on("error", (error) => end(error.message));
  worker.on("exit", (code) => end(`its thread ended with code ${code}`));
  await wait(0);
  return {
    get isAlive() {
      return isAlive;
    },
    exec(bytes) {
      // A copy of its own: pg hands out pieces of a larger buffer, which must not be moved to the worker whole.
      const copy = Uint8Array.from(bytes);
      return ask({ id: ++lastId, kind: "exec", bytes: copy }, [copy.buffer]);
    },
    async close() {
      if (isAlive) await ask({ id: ++lastId, kind: "close" });
      end("it was closed");
    },
  };
}
