import { Worker } from "node:worker_threads";
import type { Log } from "../../../../kernel/log.ts";
import type { TokenAnswer, TokenQuestion } from "./token-worker.ts";

/** The vocabulary takes 80 MB and 200 ms to load, so it is loaded on first use and released when idle. */
const IDLE_MS = 60_000;
const CHARACTERS_PER_TOKEN = 4;

/** Estimates token counts in a separate thread, so that tokenizing never delays calls. Never throws. */
export function createTokenCounter(log: Log) {
  let worker: Worker | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  let lastId = 0;
  const waiting = new Map<number, { resolve: (tokens: number) => void; request: TokenQuestion["request"] }>();

  function stop(problem?: unknown) {
    if (problem)
      log.warn({ error: problem }, "counting tokens failed; the count is estimated from the length of the text");
    const stopping = worker;
    worker = null;
    clearTimeout(idleTimer);
    for (const { resolve, request } of waiting.values())
      resolve(Math.ceil(JSON.stringify(request).length / CHARACTERS_PER_TOKEN));
    waiting.clear();
    stopping?.removeAllListeners();
    return stopping?.terminate();
  }
  function start(): Worker {
    const started = new Worker(new URL("./token-worker.ts", import.meta.url), { name: "tokens" });
    started.unref();
    started.on("message", ({ id, tokens }: TokenAnswer) => {
      waiting.get(id)?.resolve(tokens);
      waiting.delete(id);
    });
    started.on("error", stop);
    worker = started;
    return started;
  }

  return {
    /** The approximate number of tokens in these messages. */
    count(request: TokenQuestion["request"]): Promise<number> {
      clearTimeout(idleTimer);
      idleTimer = setTimeout(() => stop(), IDLE_MS).unref();
      return new Promise((resolve) => {
        const id = ++lastId;
        waiting.set(id, { resolve, request });
        (worker ?? start()).postMessage({ id, request } satisfies TokenQuestion);
      });
    },
    async close(): Promise<void> {
      await stop();
    },
  };
}
export type TokenCounter = ReturnType<typeof createTokenCounter>;
