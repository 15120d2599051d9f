import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Arrived, Place } from "../stores/annotator-store.ts";
import { createClaimStore } from "../stores/claim-store.ts";
import { createHeldStore } from "../stores/held-store.ts";
import type { QueueRow } from "../stores/queue-store.ts";
import type { Held } from "../stores/work-store.ts";

type Wanted = {
  readonly queue: QueueRow;
  readonly scope: Scope;
  /** Held until the transaction ends, so that one person is given one thing after the other. */
  readonly person: Arrived;
  readonly count: number;
  readonly now: Date;
  /** Whether others may be waited for. Who holds an item already must not, or two could wait for each other. */
  readonly mayWait: boolean;
};

type Claim = { readonly isGold?: boolean; readonly behind?: Place | null; readonly isPatient?: boolean };

/** Takes new items of a queue for a person, test items mixed in; gives them with their leases. */
export async function takeItems(
  tx: Postgres,
  random: () => number,
  { queue, scope, person, count, now, mayWait }: Wanted,
): Promise<Held[]> {
  const store = createClaimStore(tx);
  if (mayWait && person.isAnyDue) await store.giveBack(await createHeldStore(tx).holdDue(queue.id, now), now);
  const expiresAt = new Date(now.getTime() + queue.leaseSeconds * 1_000);
  const of = { projectId: scope.projectId, queueId: queue.id, annotator: scope.actor, now, expiresAt };
  const claim = async (wanted: number, { isGold = false, behind = null, isPatient = false }: Claim) =>
    wanted <= 0 ? [] : store.claim({ ...of, isGold, behind, isPatient, leases: newLeases(wanted) });
  const newLeases = (wanted: number) =>
    Array.from({ length: wanted }, () => ({
      leaseId: newId("lease", now.getTime()),
      seed: Math.floor(random() * Number.MAX_SAFE_INTEGER),
    }));

  const tests = Array.from({ length: count }, () => random() < queue.goldRate).filter(Boolean).length;
  const gold = await claim(tests, { isGold: true });
  // Items that have come in since stand anywhere in the order: then it begins at the front.
  const behind = person.at !== null && person.at.atMs > queue.itemsChangedAt.getTime() ? person.at : null;
  const ahead = await claim(count - gold.length, { behind });
  const items = [...ahead, ...gold];
  // None at all: the last places may be in assignment to others, who may not take them.
  if (items.length === 0) return mayWait ? claim(1, { isPatient: true }) : [];
  // Too few items are left ahead: released or skipped items from the front are assigned now.
  return behind === null ? items : [...items, ...(await claim(count - items.length, {}))];
}
