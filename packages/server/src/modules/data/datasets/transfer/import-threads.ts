import { openThread } from "../files/ask-thread.ts";
import type { ImportAsk, ImportSettings } from "./import-thread.ts";

/** A line of 16 MiB, read and written, fits several times. */
const HEAP_MB = 1_024;
/** Rows live for a moment; a young generation that holds many of them is emptied seldom. */
const YOUNG_MB = 32;
/** The engine makes code quick while it runs, so threads that have just been used serve the next file best. */
const KEPT_MS = 60_000;
const SCRIPT = new URL("./import-thread.ts", import.meta.url);

export type ImportThread = ReturnType<typeof openThread<ImportAsk>>;

const idle: { readonly thread: ImportThread; readonly timer: NodeJS.Timeout }[] = [];

/** Threads that read a file, as many as wanted: those that have nothing to do, then new ones. */
export function borrowThreads(count: number, settings: ImportSettings): ImportThread[] {
  return Array.from({ length: count }, () => {
    const known = idle.pop();
    if (known) clearTimeout(known.timer);
    const thread = known?.thread ?? openThread<ImportAsk>(SCRIPT, { settings: {}, heapMb: HEAP_MB, youngMb: YOUNG_MB });
    thread.hold();
    thread.tell({ kind: "begin", settings });
    return thread;
  });
}

/** Retains idle threads for a while. They do not prevent the process from ending. */
export function giveBackThreads(threads: readonly ImportThread[]): void {
  for (const thread of threads) {
    thread.letGo();
    const timer = setTimeout(() => {
      idle.splice(
        idle.findIndex((one) => one.thread === thread),
        1,
      );
      void thread.close();
    }, KEPT_MS);
    idle.push({ thread, timer: timer.unref() });
  }
}
