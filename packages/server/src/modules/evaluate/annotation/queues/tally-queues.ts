import type { Clock } from "../../../../kernel/clock.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createTallyStore, type Tally } from "../stores/tally-store.ts";

type Known = { readonly tallies: readonly Tally[]; readonly countedAt: number };

/** Counting so many items takes longer than people should wait for each other. */
const LARGE = 5_000;
const OLDEST_MS = 3_000;
const MOST_KNOWN = 1_000;

/** The progress of queues. For a large queue, it is up to three seconds old. */
export function createTallies({ db, clock }: { readonly db: Postgres; readonly clock: Clock }) {
  const known = new Map<string, Known>();

  function recent(queueId: string): readonly Tally[] | undefined {
    const tally = known.get(queueId);
    return tally && clock.elapsed() - tally.countedAt < OLDEST_MS ? tally.tallies : undefined;
  }
  function remember(queueId: string, tallies: readonly Tally[]): void {
    const items = tallies.reduce((sum, one) => sum + one.items, 0);
    if (items < LARGE) return;
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(queueId, { tallies, countedAt: clock.elapsed() });
  }

  return async function tally(queueIds: readonly string[]): Promise<ReadonlyMap<string, readonly Tally[]>> {
    const lacking = queueIds.filter((queueId) => !recent(queueId));
    const counted = Map.groupBy(
      lacking.length === 0 ? [] : await createTallyStore(db).tally(lacking),
      ({ queueId }) => queueId,
    );
    for (const queueId of lacking) remember(queueId, counted.get(queueId) ?? []);
    return new Map(queueIds.map((queueId) => [queueId, counted.get(queueId) ?? recent(queueId) ?? []]));
  };
}
