import { explain } from "../../../../api.ts";
import type { CurrentProject } from "../../../system/session/index.ts";
import { type Asked, fillRequest } from "../state/fill-request.ts";
import { type Conversation, converse } from "./converse.ts";
import { EMPTY_RUN, type Run } from "./run-chat.ts";
import { createCostReader } from "./run-costs.ts";
import { createQueue } from "./run-queue.ts";

export type Runs = Readonly<Record<string, Run>>;
/** A requested run: the key of its answer and its request. */
export type Ask = Asked & Pick<Conversation, "canned"> & { readonly key: string; readonly askedOf: string };

type StoreDeps = {
  client: CurrentProject["client"];
  canReadTraces: boolean;
  kept: Runs;
  /** Called when a run has ended, with all answers to store. */
  keep: (runs: Runs) => void;
};

const KEEP_MS = 500;
/** The maximum number of stored answers. Older answers are removed. */
const MOST_KEPT = 600;

const WAITING: Run = { ...EMPTY_RUN, state: "waiting" };

/** The answers by key, outside of React, so that a changed answer renders only itself. */
export function createRuns({ client, canReadTraces, kept, keep }: StoreDeps) {
  let runs: Runs = kept;
  const listeners = new Set<() => void>();
  /** The newest run of each key; output of an earlier run is dropped. */
  const newest = new Map<string, Ask>();
  const queue = createQueue();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function set(key: string, run: Run) {
    runs = { ...runs, [key]: run };
    for (const listener of listeners) listener();
  }
  let keptAt = 0;
  function keepNow() {
    keptAt = Date.now();
    const done = Object.entries(runs).filter(([, { state }]) => state !== "running" && state !== "waiting");
    keep(Object.fromEntries(done.slice(-MOST_KEPT)));
  }
  /** Immediately after a pause, so that closing the page loses nothing; otherwise a moment later, batched. */
  function keepSoon() {
    clearTimeout(timer);
    if (Date.now() - keptAt > KEEP_MS) keepNow();
    else timer = setTimeout(keepNow, KEEP_MS);
  }
  const costs = createCostReader(client, (key, costUsd) => {
    const run = runs[key];
    if (!run) return;
    set(key, { ...run, costUsd });
    keepSoon();
  });

  // The page may have been closed before the price was known.
  if (canReadTraces)
    for (const [key, run] of Object.entries(kept))
      if (run.costUsd === undefined && run.spans && run.spans.length > 0) costs.ask(key, run.spans);

  const run = async (ask: Ask, signal: AbortSignal) => {
    const isNewest = () => newest.get(ask.key) === ask;
    set(ask.key, EMPTY_RUN);
    const ended = await follow({ client, ask, signal }, (now) => isNewest() && set(ask.key, now));
    if (!isNewest()) return;
    set(ask.key, { ...ended, askedOf: ask.askedOf });
    if (canReadTraces && ended.spans && ended.spans.length > 0) costs.ask(ask.key, ended.spans);
    keepSoon();
  };

  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    all: () => runs,
    start(asks: readonly Ask[]) {
      for (const ask of asks) {
        // A key that runs again is removed first, so that it becomes the newest.
        const { [ask.key]: _, ...others } = runs;
        runs = others;
        set(ask.key, WAITING);
        newest.set(ask.key, ask);
        queue.add(ask.key, (signal) => run(ask, signal));
      }
    },
    stop(key: string) {
      const { state } = runs[key] ?? {};
      queue.cancel(key);
      if (state === "waiting") set(key, { ...WAITING, state: "stopped" });
    },
    stopAll() {
      for (const key of queue.cancelAll()) set(key, { ...WAITING, state: "stopped" });
    },
    forget(keys: readonly string[]) {
      for (const key of keys) {
        newest.delete(key);
        queue.cancel(key);
      }
      runs = Object.fromEntries(Object.entries(runs).filter(([key]) => !keys.includes(key)));
      for (const listener of listeners) listener();
      keepSoon();
    },
    setAtOnce: queue.setAtOnce,
  };
}
export type RunsStore = ReturnType<typeof createRuns>;

type Followed = { client: StoreDeps["client"]; ask: Ask; signal: AbortSignal };

/** Runs to the end, however it ends; what has come is shown once a frame. */
async function follow({ client, ask, signal }: Followed, show: (run: Run) => void): Promise<Run> {
  const { canned, column } = ask;
  const { parameters } = column;
  let latest: Run = EMPTY_RUN;
  let frame = 0;
  try {
    const request = await fillRequest(client, ask, signal);
    const input = { client, request, isStreamed: parameters.isStreamed, signal, canned, parameters };
    for await (latest of converse(input)) {
      const now = latest;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => show(now));
    }
    return latest;
  } catch (error) {
    return signal.aborted ? { ...latest, state: "stopped" } : { ...latest, state: "failed", error: explain(error) };
  } finally {
    cancelAnimationFrame(frame);
  }
}
