import { constants, PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { z } from "zod";

const LOOK_MS = 100;
/** Well below the 64 MB of buffers after which V8 goes over the whole heap. */
const MOST_BYTES = 25_165_824;

/** Far more than threads that begin together ever need, so that a Node without the function is an error and no endless loop. */
const MOST_TRIES = 1_000;

const Collect = z.custom<(options: { readonly type: "minor" }) => void>((value) => typeof value === "function");
const Detail = z.object({ detail: z.object({ kind: z.number() }) });

/**
 * The function comes with a context that is made while the flag is set. All threads have the one flag: another that begins at the same time may have
 * unset it before the context was made, and then it is set again. It does not stay set, since V8 takes no code from its cache that was compiled
 * under other flags.
 */
function findCollect(): z.output<typeof Collect> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    setFlagsFromString("--expose-gc");
    const found = Collect.safeParse(runInNewContext("globalThis.gc"));
    setFlagsFromString("--no-expose-gc");
    if (found.success) return found.data;
  }
  throw new Error("This version of Node has no garbage collection function, even with --expose-gc.");
}

/**
 * Makes this thread free buffers soon after their last use. The returned function ends this. For V8, a buffer is a
 * small object, so a thread with many large buffers collects its young generation only once in seconds. Until then all
 * of them remain, and V8, which counts their bytes, collects the whole heap every other second: 50 ms of the thread's
 * time and more of its helpers', while a young collection takes one.
 */
export function collectYoungBuffers(): () => void {
  const collect = findCollect();
  let isGoingOverAll = false;
  // A forced collection at this time would make V8 finish the rest of it in one step.
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = Detail.parse(entry).detail;
      if (kind === constants.NODE_PERFORMANCE_GC_INCREMENTAL) isGoingOverAll = true;
      if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) isGoingOverAll = false;
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  let least = getHeapStatistics().external_memory;
  const timer = setInterval(() => {
    const bytes = getHeapStatistics().external_memory;
    least = Math.min(least, bytes);
    if (isGoingOverAll || bytes - least < MOST_BYTES) return;
    collect({ type: "minor" });
    least = getHeapStatistics().external_memory;
  }, LOOK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    observer.disconnect();
  };
}
