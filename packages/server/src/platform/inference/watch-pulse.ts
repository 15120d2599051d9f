import type { ChildProcess } from "node:child_process";
import type { Log } from "../../kernel/log.ts";

const ASK_EVERY_MS = 15_000;
const GIVEN_UP_AFTER_MS = 60_000;

/**
 * Checks whether a process responds, and ends one that has not responded for a minute. Models compute on other threads.
 */
export function watchPulse({ child, log }: { child: ChildProcess; log: Log }) {
  let lastBeatAt = performance.now();
  const timer = setInterval(() => {
    const silentMs = performance.now() - lastBeatAt;
    if (silentMs > GIVEN_UP_AFTER_MS) {
      log.error({ silentMs: Math.round(silentMs) }, "the model process does not respond and is stopped");
      child.kill("SIGKILL");
    } else if (child.connected) {
      child.send({ type: "ping" });
    }
  }, ASK_EVERY_MS);
  timer.unref();
  return {
    beat() {
      lastBeatAt = performance.now();
    },
    stop: () => clearInterval(timer),
  };
}
