import type { AnnotationValues } from "@treadle/contract";
import type { Answer } from "../../api.ts";

export type NextItems = Answer<"POST /api/v1/annotation-queues/:queueId/next">;
export type LeasedItem = NextItems["items"][number];
export type Mine = NextItems["mine"];
type Answered = Answer<"POST /api/v1/annotation-leases/:leaseId/answers">;
export type Outcome = "submitted" | "skipped" | "discarded" | "flagged";

/** What is said of an item so far. */
export type Work = { readonly values: AnnotationValues; readonly comment: string; readonly msActive: number };
export type HeldItem = LeasedItem & { readonly work: Work };
/** An answer that was given; it is on its way until the server has kept it. */
export type Given = {
  readonly item: LeasedItem;
  readonly work: Work;
  readonly clientId: string;
  readonly outcome: Outcome;
  readonly kept?: Pick<Answered, "suggestion" | "undoUntil"> & { readonly answerId: string };
};
export type Refused = { readonly itemId: string; readonly message: string; readonly work: Work };
export type AnsweringState = {
  readonly items: readonly HeldItem[];
  /** The place of the item that is on screen. */
  readonly at: number;
  /** `done`: the queue has nothing more for this person. */
  readonly phase: "loading" | "ready" | "done" | "failed";
  readonly error?: unknown;
  readonly mine?: Mine;
  /** Answers that the server has not kept yet. */
  readonly unsent: number;
  readonly isOffline: boolean;
  /** Newest last. */
  readonly given: readonly Given[];
  /** Answers that the server would not take, with its reasons. */
  readonly refused: readonly Refused[];
  /** Items that went back to the queue because nobody was heard of for too long. */
  readonly lost: number;
};

/** How many items are asked for, and the leases that are on screen, ahead or on their way. */
export type Wanted = { readonly count: number; readonly holding: readonly string[] };
export type AnswerBody = Work & {
  readonly clientId: string;
  readonly status: Outcome | "draft";
  /** Items to be given along with the answer. */
  readonly next?: Wanted;
};
/** What the page asks of the server. */
export type AnnotationCalls = {
  next(count: number, holding: readonly string[]): Promise<NextItems>;
  answer(leaseId: string, body: AnswerBody): Promise<Answered>;
  undo(answerId: string): Promise<LeasedItem>;
  heartbeat(leaseIds: readonly string[]): Promise<{ lost: readonly string[] }>;
  release(leaseIds: readonly string[]): Promise<unknown>;
};
export type Sending = { readonly leaseId: string; readonly given: Given };
/** What outlives the page in this browser: answers on their way, and drafts by item. */
export type AnsweringStore = {
  outbox: { read(): readonly Sending[]; write(all: readonly Sending[]): void };
  draft: { read(itemId: string): Work | undefined; write(itemId: string, work: Work | undefined): void };
};
export type Deps = {
  readonly calls: AnnotationCalls;
  readonly kept: AnsweringStore;
  readonly newId: () => string;
  readonly wait: (ms: number) => Promise<void>;
};

/** The state of a page that answers a queue, and the answers on their way. */
export function createDesk(deps: Deps) {
  const { kept } = deps;
  let outbox: readonly Sending[] = kept.outbox.read();
  let state: AnsweringState = {
    ...{ items: [], at: 0, phase: "loading", given: [], refused: [], lost: 0 },
    ...{ unsent: outbox.length, isOffline: false },
  };
  const listeners = new Set<() => void>();
  const desk = {
    ...deps,
    isClosed: false,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get: () => state,
    change(next: Partial<AnsweringState>) {
      state = { ...state, ...next };
      for (const listener of listeners) listener();
    },
    outbox: () => outbox,
    keepOutbox(next: readonly Sending[]) {
      outbox = next;
      kept.outbox.write(next);
      desk.change({ unsent: next.length });
    },
    /** The item on screen. */
    shown: () => state.items[state.at],
    /** Puts other items into the place of those that are held. */
    hold(items: readonly HeldItem[]) {
      const at = Math.max(0, Math.min(state.at, items.length - 1));
      desk.change({ items, at, ...(items.length === 0 && { phase: "loading" }) });
    },
    /** Shows an item before all others. */
    put(item: LeasedItem, work: Work) {
      kept.draft.write(item.itemId, work);
      desk.change({ items: [{ ...item, work }, ...state.items], at: 0, phase: "ready" });
    },
  };
  return desk;
}
export type Desk = ReturnType<typeof createDesk>;
