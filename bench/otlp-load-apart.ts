// Sending in a thread of its own: making a request's spans and writing them holds up its event loop for milliseconds, in which an answer to
// something else would wait to be seen.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { type Load, type Sent, sendSpans } from "./otlp-load.ts";

/** As `sendSpans`, over HTTP, and from another thread than the caller's. */
export function sendSpansApart(load: Omit<Load, "open">): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: load });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

if (!isMainThread) parentPort?.postMessage(await sendSpans(workerData));
