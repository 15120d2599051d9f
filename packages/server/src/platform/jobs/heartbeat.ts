import type { Log } from "../../kernel/log.ts";
import type { ClaimStore } from "./claim-store.ts";
import type { Run } from "./run-job.ts";

import type { Timing } from "./timing.ts";

type Deps = {
  readonly store: Pick<ClaimStore, "extendLeases" | "listHeld">;
  readonly log: Log;
  readonly owner: string;
  readonly isAlone: boolean;
  readonly timing: Pick<Timing, "leaseMs">;
  readonly runs: ReadonlyMap<string, Run>;
};

/**
 * Renews this process's heartbeat, and notifies its runs when they were canceled, paused or taken. Does nothing while
 * nothing runs.
 */
export function createHeartbeat({ store, log, owner, isAlone, timing, runs }: Deps) {
  let extendedAt = 0;
  let heardAt = 0;
  let isBeating = false;

  async function beat(known: readonly Run[]): Promise<void> {
    const now = performance.now();
    if (!isAlone && now - extendedAt >= timing.leaseMs / 3) {
      await store.extendLeases(owner, timing.leaseMs);
      extendedAt = now;
    }
    const heldRows = new Map((await store.listHeld(owner)).map((row) => [row.id, row]));
    heardAt = now;
    for (const run of known) {
      const row = heldRows.get(run.row.id);
      if (row === undefined) run.stop("lost");
      else if (row.cancelledAt !== null) run.stop("cancelled");
      else if (row.isPaused) run.stop("paused");
    }
  }

  return async function onTick(): Promise<void> {
    if (isBeating) return;
    const known = [...runs.values()];
    if (known.length === 0) {
      heardAt = performance.now();
      return;
    }
    isBeating = true;
    try {
      await beat(known);
    } catch (error) {
      log.warn({ error }, "the heartbeat of running jobs failed");
      // Others may think by now that this process is gone.
      if (!isAlone && performance.now() - heardAt > timing.leaseMs) for (const run of known) run.stop("lost");
    } finally {
      isBeating = false;
    }
  };
}
