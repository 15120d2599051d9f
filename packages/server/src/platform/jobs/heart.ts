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

/** Tells the other processes that this one lives, and its runs that they were cancelled or taken. Nothing while nothing runs. */
export function createHeart({ store, log, owner, isAlone, timing, runs }: Deps) {
  let extendedAt = 0;
  let heardAt = 0;
  let isBeating = false;

  async function beat(known: readonly Run[]): Promise<void> {
    const now = performance.now();
    if (!isAlone && now - extendedAt >= timing.leaseMs / 3) {
      await store.extendLeases(owner, timing.leaseMs);
      extendedAt = now;
    }
    const held = new Map((await store.listHeld(owner)).map(({ id, cancelledAt }) => [id, cancelledAt !== null]));
    heardAt = now;
    for (const run of known) {
      const isCancelled = held.get(run.row.id);
      if (isCancelled === undefined) run.stop("lost");
      else if (isCancelled) run.stop("cancelled");
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
      log.warn({ error }, "the jobs that run could not be looked at");
      // Others may think by now that this process is gone.
      if (!isAlone && performance.now() - heardAt > timing.leaseMs) for (const run of known) run.stop("lost");
    } finally {
      isBeating = false;
    }
  };
}
