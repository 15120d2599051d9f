// Sends in a separate thread. Writing a request of spans blocks its event loop for milliseconds, which would delay
// other responses.
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { openSenders, type Pace, type Senders, type Sent } from "./otlp-load.ts";

/** As `openSenders`, over HTTP, and from another thread than the caller's, which has begun and made its requests when this resolves. */
export async function openSendersApart(senders: Omit<Senders, "open">) {
  const worker = new Worker(new URL(import.meta.url), { workerData: senders });
  await once(worker, "message");
  return {
    async send(pace: Pace): Promise<Sent> {
      worker.postMessage(pace);
      const [sent] = await once(worker, "message");
      return sent;
    },
    close: () => worker.terminate(),
  };
}

if (!isMainThread) {
  const senders = await openSenders(workerData);
  parentPort?.on("message", async (pace: Pace) => parentPort?.postMessage(await senders.send(pace)));
  parentPort?.postMessage("open");
}
