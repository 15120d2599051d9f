import type { OutboundRequest } from "./port.ts";

/** The wait that took too long. */
export type Overdue = "connect_timeout" | "first_byte_timeout" | "idle_timeout" | "total_timeout";

/**
 * Enforces the time limits of one exchange, in milliseconds, with a single timer. Most responses arrive long before a
 * limit, so one timer per wait would cost more than everything else. `expire` is called at most once. Starts with the
 * wait for a connection.
 */
export function createWatch(timeouts: OutboundRequest["timeouts"], expire: (kind: Overdue) => void) {
  let kind: Overdue = "connect_timeout";
  let dueAt = performance.now() + timeouts.connectMs;
  let totalAt = Number.POSITIVE_INFINITY;
  let wakesAt = dueAt;
  let timer: NodeJS.Timeout | undefined = setTimeout(look, timeouts.connectMs);
  let isEnded = false;

  /** The timer may belong to a finished wait. It is then set for the current wait. */
  function look() {
    const now = performance.now();
    timer = undefined;
    if (totalAt <= now) expire("total_timeout");
    else if (dueAt <= now) expire(kind);
    else sleep(now);
  }
  function sleep(now: number) {
    wakesAt = Math.min(dueAt, totalAt);
    if (wakesAt < Number.POSITIVE_INFINITY) timer = setTimeout(look, wakesAt - now);
  }
  function wait(next: Overdue, milliseconds: number, now: number) {
    if (isEnded) return;
    kind = next;
    dueAt = now + milliseconds;
    if (timer !== undefined && wakesAt <= Math.min(dueAt, totalAt)) return;
    clearTimeout(timer);
    sleep(now);
  }

  return {
    /** The request is on its way: the first byte of the answer, and all of it, are waited for. */
    connected(): void {
      const now = performance.now();
      totalAt = now + timeouts.totalMs;
      wait("first_byte_timeout", timeouts.firstByteMs, now);
    },
    /** Something of the answer came: more of it is waited for. */
    heard(): void {
      wait("idle_timeout", timeouts.idleMs, performance.now());
    },
    /** For now nothing is waited for but the end. */
    rest(): void {
      dueAt = Number.POSITIVE_INFINITY;
    },
    end(): void {
      isEnded = true;
      clearTimeout(timer);
    },
  };
}
