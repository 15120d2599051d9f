import type { SQL } from "drizzle-orm";
import type { Log } from "../../kernel/log.ts";
import type { Postgres } from "../postgres/port.ts";
import { createClaimStore } from "./claim-store.ts";
import { createHeartbeat } from "./heartbeat.ts";
import type { Registered } from "./run-job.ts";
import type { Timing } from "./timing.ts";
import { createWakeup } from "./wakeup.ts";
import { createWorkerPool } from "./worker-pool.ts";

type Deps = {
  readonly db: Postgres;
  readonly log: Log;
  readonly owner: string;
  /** Whether no other process uses the database. */
  readonly isAlone: boolean;
  readonly timing: Timing;
  readonly handlers: ReadonlyMap<string, Registered>;
  readonly isPaused: SQL;
  changed(projectId: string): void;
};

/** Polls for due jobs, runs them, and renews the heartbeat while it has some. */
export function createRunner({ db, log, owner, isAlone, timing, handlers, isPaused, changed }: Deps) {
  const store = createClaimStore(db, isPaused);
  const alarm = createWakeup(look);
  const crew = createWorkerPool({ db, log, owner, timing, changed, ended });
  let looking: Promise<void> | null = null;
  let shallLookAgain = false;
  let sweptAt: number | null = null;

  function ended(dueInMs: number | null): void {
    look();
    // Jobs due later are found by a later poll.
    if (dueInMs !== null && dueInMs < timing.pollMs) alarm.in(dueInMs);
  }

  const roomFor = (kind: string) => (handlers.get(kind)?.concurrency ?? 0) - crew.countOf(kind);

  async function takeDue(): Promise<void> {
    const withRoom = [...handlers.keys()].filter((kind) => roomFor(kind) > 0);
    if (withRoom.length === 0) return;
    for (const kind of await store.listDueKinds(withRoom, owner)) {
      const handler = handlers.get(kind);
      if (!handler || crew.signal.aborted) return;
      const rows = await store.claim({ kind, owner, limit: roomFor(kind), leaseMs: timing.leaseMs });
      for (const row of rows) crew.begin(row, handler);
    }
  }

  async function sweep(): Promise<void> {
    const now = performance.now();
    if (sweptAt !== null && now - sweptAt < timing.sweepMs) return;
    if (sweptAt === null && isAlone) await store.endLeases();
    await store.followClock();
    await store.endCancelled(owner);
    await store.deleteEnded(timing.keepDays);
    sweptAt = now;
  }

  function look(): void {
    shallLookAgain = looking !== null;
    if (looking || crew.signal.aborted) return;
    looking = sweep()
      .then(takeDue)
      .catch((error: unknown) => log.error({ error }, "queued jobs could not be claimed"))
      .finally(() => {
        looking = null;
        if (shallLookAgain) look();
      });
  }

  return {
    start(): void {
      look();
      alarm.every(timing.pollMs, look);
      alarm.every(timing.beatMs, createHeartbeat({ store, log, owner, isAlone, timing, runs: crew.runs }));
    },
    /** A job was sent, perhaps within a transaction that is still open. */
    nudge: alarm.nudge,
    /** Notifies a run of its cancellation, if it belongs to this process. */
    stop: (jobId: string): void => crew.runs.get(jobId)?.stop("cancelled"),
    /** Notifies the handlers, and waits for them. */
    async close(): Promise<void> {
      alarm.stop();
      crew.stop();
      await looking;
      await crew.settled();
    },
  };
}
