import type { ChildProcess } from "node:child_process";
import type { Log } from "../../kernel/log.ts";

const ASK_EVERY_MS = 15_000;
const GIVEN_UP_AFTER_MS = 60_000;

/** Asks a process whether it still turns, and ends one that has not answered for a minute: models compute on other threads than its own. */
export function watchPulse({ child, log }: { child: ChildProcess; log: Log }) {
  let lastBeatAt = performance.now();
  const timer = setInterval(() => {
    const silentMs = performance.now() - lastBeatAt;
    if (silentMs > GIVEN_UP_AFTER_MS) {
      log.error({ silentMs: Math.round(silentMs) }, "the model process does not answer and is ended");
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
