import type { AnnotationValues } from "@treadle/contract";
import { createDesk, type Deps, type Desk, type Given, type Outcome, type Work } from "./answering-desk.ts";
import { createExchange, type Exchange } from "./exchange-items.ts";

const UNDOABLE = 30;

/**
 * Answering a queue: items ahead of the one on screen, answers that are sent while the next item is looked at, and the way back.
 * An answer is kept in this browser from the key press until the server has it, so that neither a lost network nor a closed tab loses it.
 */
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
    /** Asks again after a failure, and for what has come into the queue meanwhile. */
    retry() {
      if (desk.get().items.length === 0) desk.change({ phase: "loading" });
      void exchange.pump();
    },
    ...createVerbs(desk, exchange),
    /** Says that somebody is still at it; what has ended meanwhile is taken off the page. */
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
    /** Gives back what was not answered; what is on its way stays in this browser. */
    close() {
      desk.isClosed = true;
      const ids = desk.get().items.map(({ leaseId }) => leaseId);
      desk.hold([]);
      if (ids.length > 0) void desk.calls.release(ids).catch(() => undefined);
    },
  };
}
export type Answering = ReturnType<typeof createAnswering>;

/** What a person does to the item on screen. */
function createVerbs(desk: Desk, exchange: Exchange) {
  function edit(next: Partial<Work>) {
    const item = desk.shown();
    if (!item) return;
    const work = { ...item.work, ...next };
    desk.kept.draft.write(item.itemId, work);
    desk.change({ items: desk.get().items.map((one) => (one === item ? { ...one, work } : one)) });
  }
  return {
    /** Another item of those that are held, by so many places. */
    move(by: number) {
      const { items, at } = desk.get();
      desk.change({ at: Math.max(0, Math.min(items.length - 1, at + by)) });
    },
    /** Changes what is said of the item on screen; it is kept in this browser at once. */
    edit,
    /** Time that a person has looked at the item on screen, in milliseconds. */
    tick(ms: number) {
      const item = desk.shown();
      if (item) edit({ msActive: item.work.msActive + ms });
    },
    /** Ends the item on screen and shows the next; the answer is on its way. `values` are what is sent of those on screen. */
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
    /** Takes the last answer back and shows its item again as it was left; false when there is none. Throws what the server says when it is too late. */
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
    /** Keeps the draft of the item on screen with the server, so that it is there on another machine too. */
    async saveDraft(values: AnnotationValues) {
      const item = desk.shown();
      if (!item || Object.keys(values).length === 0) return;
      await desk.calls.answer(item.leaseId, { ...item.work, values, clientId: desk.newId(), status: "draft" });
    },
  };
}

/** Takes an answer that has not left yet out of those on their way. The first of them may be under way, unless the server is known to be away. */
function takeOut(desk: Desk, { clientId, item, work }: Given): boolean {
  const place = desk.outbox().findIndex(({ given }) => given.clientId === clientId);
  if (place < 0 || (place === 0 && !desk.get().isOffline)) return false;
  desk.keepOutbox(desk.outbox().filter((_, index) => index !== place));
  desk.put(item, work);
  return true;
}
