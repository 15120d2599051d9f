import type { Log } from "../../kernel/log.ts";
import type { Postgres } from "../postgres/port.ts";
import { createAlarm } from "./alarm.ts";
import { createClaimStore } from "./claim-store.ts";
import { createCrew } from "./crew.ts";
import { createHeart } from "./heart.ts";
import type { Registered } from "./run-job.ts";
import type { Timing } from "./timing.ts";

type Deps = {
  readonly db: Postgres;
  readonly log: Log;
  readonly owner: string;
  /** Whether no other process uses the database. */
  readonly isAlone: boolean;
  readonly timing: Timing;
  readonly handlers: ReadonlyMap<string, Registered>;
  changed(projectId: string): void;
};

/** Looks for due jobs, runs them, and says that this process lives while it has some. */
export function createRunner({ db, log, owner, isAlone, timing, handlers, changed }: Deps) {
  const store = createClaimStore(db);
  const alarm = createAlarm(look);
  const crew = createCrew({ db, log, owner, timing, changed, ended });
  let looking: Promise<void> | null = null;
  let shallLookAgain = false;
  let sweptAt: number | null = null;

  function ended(dueInMs: number | null): void {
    look();
    // What is due later is found by a later look.
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
    await store.endCancelled(owner);
    await store.deleteEnded(timing.keepDays);
    sweptAt = now;
  }

  function look(): void {
    shallLookAgain = looking !== null;
    if (looking || crew.signal.aborted) return;
    looking = sweep()
      .then(takeDue)
      .catch((error: unknown) => log.error({ error }, "jobs could not be taken up"))
      .finally(() => {
        looking = null;
        if (shallLookAgain) look();
      });
  }

  return {
    start(): void {
      look();
      alarm.every(timing.pollMs, look);
      alarm.every(timing.beatMs, createHeart({ store, log, owner, isAlone, timing, runs: crew.runs }));
    },
    /** A job was sent, perhaps within a transaction that is still open. */
    nudge: alarm.nudge,
    /** Tells a run that its job was cancelled, if it is this process's. */
    stop: (jobId: string): void => crew.runs.get(jobId)?.stop("cancelled"),
    /** Tells the handlers, and waits for them. */
    async close(): Promise<void> {
      alarm.stop();
      crew.stop();
      await looking;
      await crew.settled();
    },
  };
}
