import type { Sink } from "../../../../kernel/sink.ts";

/** Clients and proxies give up on a stream that is silent for half a minute or more. */
const SILENCE_MS = 10_000;
/** A comment of server-sent events, which every client ignores. */
export const KEEP_ALIVE = ": keep-alive\n\n";

/** Sends a comment whenever nothing was written for ten seconds. Only between whole events, and until it is stopped. */
export function createKeepAlive(sink: Pick<Sink, "isOpen" | "write">) {
  const timer = setInterval(() => {
    if (sink.isOpen()) sink.write(KEEP_ALIVE);
  }, SILENCE_MS);
  timer.unref();
  return {
    /** Something was written. */
    note: () => void timer.refresh(),
    stop: () => clearInterval(timer),
  };
}
