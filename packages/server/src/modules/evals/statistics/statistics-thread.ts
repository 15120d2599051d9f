import { Worker } from "node:worker_threads";
import type { OrderName, Orders, Question, Reply } from "./orders.ts";

const IDLE_MS = 60_000;

type Waiting = { readonly resolve: (answer: never) => void; readonly reject: (error: Error) => void };

/** Resamples and permutes in a thread of its own, so that this work does not hold up requests. It ends when nobody asks. */
export function createStatistics() {
  let worker: Worker | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  function stop(error = new Error("The thread of statistics was stopped.")) {
    const stopping = worker;
    worker = null;
    clearTimeout(idleTimer);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    stopping?.removeAllListeners();
    return stopping?.terminate();
  }
  function hear(reply: Reply) {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("error" in reply) asked?.reject(new Error(reply.error));
    // The answer is of the order that was sent under this id.
    else asked?.resolve(reply.answer as never);
    if (waiting.size === 0) idleTimer = setTimeout(stop, IDLE_MS).unref();
  }
  function start(): Worker {
    const started = new Worker(new URL("./statistics-worker.ts", import.meta.url), { name: "statistics" });
    started.unref();
    started.on("message", hear);
    started.on("error", (error) => stop(error instanceof Error ? error : new Error(String(error))));
    worker = started;
    return started;
  }

  return {
    /** Throws when the work failed; the thread is begun anew by the next order. */
    ask<N extends OrderName>(name: N, order: Orders[N]["order"]): Promise<Orders[N]["answer"]> {
      clearTimeout(idleTimer);
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        (worker ?? start()).postMessage({ id, name, order } as Question);
      });
    },
    async close(): Promise<void> {
      await stop();
    },
  };
}
export type Statistics = ReturnType<typeof createStatistics>;
