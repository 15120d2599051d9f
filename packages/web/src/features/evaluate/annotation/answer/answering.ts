import type { AnnotationValues } from "@treadle/contract";
import { createDesk, type Deps, type Desk, type Given, type Outcome, type Work } from "../item/answering-desk.ts";
import { createExchange, type Exchange } from "./exchange-items.ts";

const UNDOABLE = 30;

/** Answers a queue: prefetches items, sends answers in the background, and supports undo. An answer stays in this browser until the server has stored it, so that a lost network or a closed tab loses nothing. */
export function createAnswering(deps: Deps) {
  const desk = createDesk(deps);
  const exchange = createExchange(desk);
  return {
    subscribe: desk.subscribe,
    get: desk.get,
    start() {
      desk.isClosed = false;
      void exchange.pump();
    },
    /** Retries after a failure, and checks for new items. */
    retry() {
      if (desk.get().items.length === 0) desk.change({ phase: "loading" });
      void exchange.pump();
    },
    ...createVerbs(desk, exchange),
    /** Renews the leases; items whose lease expired are removed from the page. */
    async heartbeat() {
      const { items, lost: before } = desk.get();
      if (items.length === 0) return;
      const { lost } = await desk.calls.heartbeat(items.map(({ leaseId }) => leaseId));
      if (lost.length === 0) return;
      desk.change({ lost: before + lost.length });
      desk.hold(desk.get().items.filter(({ leaseId }) => !lost.includes(leaseId)));
      void exchange.load();
    },
    forgetRefused: () => desk.change({ refused: [], lost: 0 }),
    /** Releases unanswered items; pending answers stay in this browser. */
    close() {
      desk.isClosed = true;
      const ids = desk.get().items.map(({ leaseId }) => leaseId);
      desk.hold([]);
      if (ids.length > 0) void desk.calls.release(ids).catch(() => undefined);
    },
  };
}
export type Answering = ReturnType<typeof createAnswering>;

/** What a person can do with the current item. */
function createVerbs(desk: Desk, exchange: Exchange) {
  function edit(next: Partial<Work>) {
    const item = desk.shown();
    if (!item) return;
    const work = { ...item.work, ...next };
    desk.kept.draft.write(item.itemId, work);
    desk.change({ items: desk.get().items.map((one) => (one === item ? { ...one, work } : one)) });
  }
  return {
    /** Moves by a number of held items. */
    move(by: number) {
      const { items, at } = desk.get();
      desk.change({ at: Math.max(0, Math.min(items.length - 1, at + by)) });
    },
    /** Changes the answer to the current item and stores it in this browser immediately. */
    edit,
    /** The active time on the current item, in milliseconds. */
    tick(ms: number) {
      const item = desk.shown();
      if (item) edit({ msActive: item.work.msActive + ms });
    },
    /** Ends the current item and shows the next one while the answer is sent. `values` are the values to send. */
    give(outcome: Outcome, values: AnnotationValues) {
      const shown = desk.shown();
      if (!shown) return;
      const { work, ...item } = shown;
      const given: Given = { item, work: { ...work, values }, clientId: desk.newId(), outcome };
      desk.kept.draft.write(item.itemId, undefined);
      desk.keepOutbox([...desk.outbox(), { leaseId: item.leaseId, given }]);
      desk.change({ given: [...desk.get().given, given].slice(-UNDOABLE) });
      desk.hold(desk.get().items.filter((one) => one !== shown));
      void exchange.pump();
    },
    /** Undoes the last answer and shows its item as it was; false if there is none. Throws the server's error if it is too late. */
    async undo() {
      const last = desk.get().given.at(-1);
      if (!last) return false;
      if (!takeOut(desk, last)) {
        await exchange.sent();
        const answerId = desk.get().given.find(({ clientId }) => clientId === last.clientId)?.kept?.answerId;
        if (answerId === undefined) return false;
        const item = await desk.calls.undo(answerId);
        desk.put(item, last.work);
      }
      desk.change({ given: desk.get().given.filter(({ clientId }) => clientId !== last.clientId) });
      return true;
    },
    /** Stores the draft of the current item on the server, so that it is available on another machine. */
    async saveDraft(values: AnnotationValues) {
      const item = desk.shown();
      if (!item || Object.keys(values).length === 0) return;
      await desk.calls.answer(item.leaseId, { ...item.work, values, clientId: desk.newId(), status: "draft" });
    },
  };
}

/** Removes an unsent answer from the pending ones. The first one may be in flight, unless the server is known to be unavailable. */
function takeOut(desk: Desk, { clientId, item, work }: Given): boolean {
  const place = desk.outbox().findIndex(({ given }) => given.clientId === clientId);
  if (place < 0 || (place === 0 && !desk.get().isOffline)) return false;
  desk.keepOutbox(desk.outbox().filter((_, index) => index !== place));
  desk.put(item, work);
  return true;
}
