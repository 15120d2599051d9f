import { Worker } from "node:worker_threads";
import type { PromptContent } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import { createFill, type Filled, type Inputs, isBounded } from "./fill-in.ts";
import type { FillJob, FillResult } from "./fill-worker.ts";

/** From when a template begins to run; what takes longer is stopped, with the thread it runs in. */
const LONGEST_MS = 500;
/** For a thread to start and load the languages. */
const START_MS = 10_000;
const IDLE_MS = 60_000;
const MOST_WAITING = 1_000;
const MEMORY_MB = 96;

type Waiting = { readonly job: FillJob; resolve(filled: Filled | null): void; reject(error: Error): void };

/** Runs jobs one after the other in a thread of its own with little memory, which is stopped when a job goes on for too long. */
function createFillThread() {
  const queue: Waiting[] = [];
  let worker: Worker | null = null;
  let isReady = false;
  let running: Waiting | null = null;
  let timer: NodeJS.Timeout | undefined;

  function wait(ms: number, then: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(then, ms).unref();
  }
  function end(): void {
    clearTimeout(timer);
    const stopping = worker;
    worker = null;
    isReady = false;
    running = null;
    stopping?.removeAllListeners();
    stopping?.on("error", () => undefined);
    void stopping?.terminate();
  }
  function fail(why: string): void {
    // A thread that never came up fails the one that waits longest, so that the others do not wait for ever.
    const failed = running ?? queue.shift();
    end();
    failed?.reject(new AppError("unprocessable", { message: `The template was stopped: ${why}.` }));
    next();
  }
  function take(result: FillResult): void {
    if (result === "ready") isReady = true;
    else {
      settle(running, result);
      running = null;
    }
    next();
  }
  function start(): void {
    worker = openWorker();
    worker.on("message", take);
    worker.on("error", () => fail("it needs more memory than a prompt may take"));
    wait(START_MS, () => fail("the thread for templates did not start"));
  }
  function next(): void {
    if (running !== null) return;
    if (queue.length === 0) wait(IDLE_MS, end);
    else if (worker === null) start();
    else if (isReady) {
      running = queue.shift() ?? null;
      wait(LONGEST_MS, () => fail("it takes too long; loop over less"));
      worker.postMessage(running?.job);
    }
  }

  return {
    run(job: FillJob): Promise<Filled | null> {
      if (queue.length >= MOST_WAITING)
        throw new AppError("overloaded", { message: "Too many prompts wait to be filled in.", retryAfterSeconds: 1 });
      return new Promise((resolve, reject) => {
        queue.push({ job, resolve, reject });
        next();
      });
    },
    end,
  };
}

function openWorker(): Worker {
  const worker = new Worker(new URL("./fill-worker.ts", import.meta.url), {
    name: "prompts",
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  worker.unref();
  return worker;
}

function settle(waiting: Waiting | null, result: Exclude<FillResult, "ready">): void {
  if ("error" in result) waiting?.reject(new AppError(result.error.code, result.error));
  else waiting?.resolve(result.filled);
}

/** Fills prompts in. What is bounded by its size is done at once; the rest, and every pattern of a schema, where it can be stopped. */
export function createFillApart() {
  const fill = createFill();
  const thread = createFillThread();
  return {
    /** Throws `unprocessable` for templates or a schema that cannot be read. */
    async check(content: PromptContent): Promise<void> {
      if (isBounded(content)) fill.check(content);
      else await thread.run({ content, inputs: null });
    },
    /** Throws `invalid_request` for wrong inputs, `unprocessable` for a template that cannot be filled in or was stopped. */
    async fill(content: PromptContent, inputs: Inputs): Promise<Filled> {
      const filled = isBounded(content) ? fill.fill(content, inputs) : await thread.run({ content, inputs });
      if (filled === null) throw new AppError("internal");
      return filled;
    },
    close: thread.end,
  };
}
export type FillApart = ReturnType<typeof createFillApart>;
