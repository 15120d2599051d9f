import { availableParallelism } from "node:os";
import { createTextReader, type ReaderOrders, type TextReader } from "../modules/build/guards/index.ts";
import { createThread } from "../platform/threads/port.ts";

const MOST_THREADS = 2;

/** Threads that read long texts for guards. They start with the first one, and leave a core to the thread that answers. */
export function openTextReader(): TextReader {
  const count = Math.min(MOST_THREADS, Math.max(1, availableParallelism() - 1));
  const script = new URL("./guard-text-worker.ts", import.meta.url);
  const open = () => createThread<ReaderOrders>({ script, name: "guard-texts" });
  return createTextReader({ threads: Array.from({ length: count }, open) });
}
