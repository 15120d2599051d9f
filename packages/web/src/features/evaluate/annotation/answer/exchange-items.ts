import { isPassing } from "../../../../api.ts";
import type { Desk, HeldItem, LeasedItem, NextItems, Sending, Wanted, Work } from "../item/answering-desk.ts";

/** The number of items held: the current one and the next ones. */
const AHEAD = 4;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const NOTHING: Work = { values: {}, comment: "", msActive: 0 };

/** The exchange with the server: prefetched items, and answers in order. */
export function createExchange(desk: Desk) {
  let isLoading = false;
  let sending: Promise<void> | undefined;

  async function load() {
    const wanted = wantedBy(desk);
    if (isLoading || desk.isClosed || !wanted) return;
    isLoading = true;
    try {
      take(desk, await desk.calls.next(wanted.count, wanted.holding));
    } catch (error) {
      const isKnown = desk.get().items.length > 0 && isPassing(error);
      desk.change(isKnown ? { isOffline: true } : { phase: "failed", error });
    } finally {
      isLoading = false;
    }
  }
  function pump() {
    sending ??= sendAll(desk, () => (isLoading ? undefined : wantedBy(desk))).finally(() => {
      sending = undefined;
      void load();
    });
    return sending;
  }
  return { load, pump, sent: async () => sending };
}
export type Exchange = ReturnType<typeof createExchange>;

/** The number of items to fetch; undefined if there are enough. */
function wantedBy(desk: Desk): Wanted | undefined {
  const count = AHEAD - desk.get().items.length;
  return count > 0 ? { count, holding: leasesOf(desk) } : undefined;
}

function take(desk: Desk, { items, mine }: NextItems) {
  const all = [...desk.get().items, ...newOnes(desk, items)];
  desk.change({ items: all, mine, phase: all.length > 0 ? "ready" : "done", isOffline: false, error: undefined });
}

const leasesOf = (desk: Desk) => [
  ...desk.get().items.map(({ leaseId }) => leaseId),
  ...desk.outbox().map(({ leaseId }) => leaseId),
];

function newOnes(desk: Desk, items: readonly LeasedItem[]): HeldItem[] {
  const known = new Set(
    [...desk.get().items, ...desk.outbox().map(({ given }) => given.item)].map(({ itemId }) => itemId),
  );
  return items
    .filter(({ itemId }) => !known.has(itemId))
    .map((item) => ({ ...item, work: desk.kept.draft.read(item.itemId) ?? draftOf(item) }));
}

const draftOf = ({ draft }: LeasedItem): Work =>
  draft ? { values: draft.answers, comment: draft.comment, msActive: draft.msActive } : NOTHING;

/** Sends answers in order until none is left; waits while the server is unavailable. The last request also asks for the next items. */
async function sendAll(desk: Desk, wanted: () => Wanted | undefined): Promise<void> {
  let pause = FIRST_PAUSE_MS;
  for (let [first] = desk.outbox(); first && !desk.isClosed; [first] = desk.outbox()) {
    try {
      await send(desk, first, desk.outbox().length === 1 ? wanted() : undefined);
      pause = FIRST_PAUSE_MS;
    } catch (error) {
      if (!isPassing(error)) {
        refuse(desk, first, error);
        continue;
      }
      desk.change({ isOffline: true });
      await desk.wait(pause);
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
    }
  }
}

async function send(desk: Desk, { leaseId, given }: Sending, wanted: Wanted | undefined) {
  const { work, clientId, outcome } = given;
  const body = { ...work, clientId, status: outcome, ...(wanted && { next: wanted }) };
  const { answer, suggestion, undoUntil, mine, next } = await desk.calls.answer(leaseId, body);
  leave(desk, clientId);
  const kept = { answerId: answer.answerId, suggestion, undoUntil };
  const all = desk.get().given.map((one) => (one.clientId === clientId ? { ...one, kept } : one));
  desk.change({ mine, given: all, isOffline: false });
  if (next) take(desk, next);
}

function refuse(desk: Desk, { given: { item, work, clientId } }: Sending, error: unknown) {
  leave(desk, clientId);
  const message = error instanceof Error ? error.message : String(error);
  desk.change({
    refused: [...desk.get().refused, { itemId: item.itemId, message, work }],
    given: desk.get().given.filter((one) => one.clientId !== clientId),
  });
}

const leave = (desk: Desk, clientId: string) =>
  desk.keepOutbox(desk.outbox().filter(({ given }) => given.clientId !== clientId));
