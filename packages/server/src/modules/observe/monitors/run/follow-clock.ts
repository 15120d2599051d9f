import type { Postgres } from "../../../../platform/postgres/port.ts";
import { rewind } from "../core/rewind.ts";
import { rewindState } from "../stores/evaluation-store.ts";
import { createMonitorStore } from "../stores/monitor-store.ts";
import { moveBackTransitions } from "../stores/transition-store.ts";

type Evaluated = { readonly row: { readonly id: string }; readonly windowEnd: Date | null };

/** A window that ends later than this after now was evaluated while the clock was ahead. */
const SLACK_MS = 900_000;

/**
 * Begins again from now if a clock that was ahead has evaluated windows in the future. Otherwise the monitors would wait until the
 * clock reaches these windows. Gives whether a monitor began again.
 */
export async function followClock(
  db: Postgres,
  projectId: string,
  { enabled, now }: { readonly enabled: readonly Evaluated[]; readonly now: number },
): Promise<boolean> {
  const limit = now + SLACK_MS;
  const ids = enabled.filter(({ windowEnd }) => (windowEnd?.getTime() ?? 0) > limit).map(({ row }) => row.id);
  if (ids.length === 0) return false;
  await db.transaction(async (tx) => {
    for (const state of await createMonitorStore(tx).listStates(projectId, ids))
      await rewindState(tx, state, { series: rewind(state.series, now), now, limit });
    await moveBackTransitions(tx, projectId, { monitorIds: ids, now: new Date(now) });
  });
  return true;
}
