import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { PromptContent } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { FillJob, FillResult } from "./fill-child.ts";
import { createFill, type Filled, type Inputs, isBounded } from "./fill-in.ts";

const CHILD = fileURLToPath(new URL("./fill-child.ts", import.meta.url));
/** The child stops a template before this time. Only uninterruptible code takes so long. */
const LONGEST_MS = 1_500;
/** For the child to start and load the languages. */
const START_MS = 20_000;
const IDLE_MS = 60_000;
const MOST_WAITING = 1_000;
const MEMORY_MB = 128;

type Waiting = { readonly job: FillJob; resolve(filled: Filled | null): void; reject(error: Error): void };

/**
 * Runs jobs one after another in a process with little memory and no secrets. The process is killed when a job takes
 * too long.
 */
function createFillProcess() {
  const queue: Waiting[] = [];
  let child: ChildProcess | null = null;
  let isReady = false;
  let running: Waiting | null = null;
  let timer: NodeJS.Timeout | undefined;

  function wait(ms: number, then: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(then, ms).unref();
  }
  function end(): void {
    clearTimeout(timer);
    child?.removeAllListeners();
    child?.on("error", () => undefined);
    child?.kill("SIGKILL");
    child = null;
    isReady = false;
    running = null;
  }
  function fail(why: string): void {
    // A child that never started fails the oldest job, so that the others do not wait forever.
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
    child = openChild();
    child.on("message", take);
    child.on("error", () => fail("the template process could not receive the prompt"));
    child.on("exit", () => fail("it needs more memory than the limit for prompts"));
    wait(START_MS, () => fail("the template process did not start"));
  }
  function next(): void {
    if (running !== null) return;
    if (queue.length === 0) wait(IDLE_MS, end);
    else if (child === null) start();
    else if (isReady) {
      running = queue.shift() ?? null;
      wait(LONGEST_MS, () => fail("it takes too long; reduce the number of loop iterations"));
      child.send(running?.job ?? {});
    }
  }

  return {
    run(job: FillJob): Promise<Filled | null> {
      if (queue.length >= MOST_WAITING)
        throw new AppError("overloaded", {
          message: "Too many prompts are waiting to be rendered. Try again shortly.",
          retryAfterSeconds: 1,
        });
      return new Promise((resolve, reject) => {
        queue.push({ job, resolve, reject });
        next();
      });
    },
    end,
  };
}

/** Does not delay shutdown: the child ends with this process. */
function openChild(): ChildProcess {
  const child = fork(CHILD, [], {
    execPath: process.execPath,
    execArgv: [`--max-old-space-size=${MEMORY_MB}`],
    env: {},
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
  child.unref();
  child.channel?.unref();
  return child;
}

function settle(waiting: Waiting | null, result: Exclude<FillResult, "ready">): void {
  if ("error" in result) waiting?.reject(new AppError(result.error.code, result.error));
  else waiting?.resolve(result.filled);
}

/**
 * Renders prompts. Templates whose cost is bounded by their size run in this thread. Others, and every schema pattern,
 * run where they can be stopped.
 */
export function createFillApart() {
  const fill = createFill();
  const apart = createFillProcess();
  return {
    /** Throws `unprocessable` for templates or a schema that cannot be read. */
    async check(content: PromptContent): Promise<void> {
      if (isBounded(content)) fill.check(content);
      else await apart.run({ content, inputs: null });
    },
    /** Throws `invalid_request` for wrong inputs, `unprocessable` for a template that cannot be filled in or was stopped. */
    async fill(content: PromptContent, inputs: Inputs): Promise<Filled> {
      const filled = isBounded(content) ? fill.fill(content, inputs) : await apart.run({ content, inputs });
      if (filled === null) throw new AppError("internal");
      return filled;
    },
    close: apart.end,
  };
}
export type FillApart = ReturnType<typeof createFillApart>;
