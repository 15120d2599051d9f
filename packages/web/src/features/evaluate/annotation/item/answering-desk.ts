import type { AnnotationValues } from "@treadle/contract";
import type { Answer } from "../../../../api.ts";

export type NextItems = Answer<"POST /api/v1/annotation-queues/:queueId/next">;
export type LeasedItem = NextItems["items"][number];
export type Mine = NextItems["mine"];
type Answered = Answer<"POST /api/v1/annotation-leases/:leaseId/answers">;
export type Outcome = "submitted" | "skipped" | "discarded" | "flagged";

/** The current answer to an item. */
export type Work = { readonly values: AnnotationValues; readonly comment: string; readonly msActive: number };
export type HeldItem = LeasedItem & { readonly work: Work };
/** A submitted answer; pending until the server has stored it. */
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
  /** The position of the current item. */
  readonly at: number;
  /** `done`: the queue has no more items for this person. */
  readonly phase: "loading" | "ready" | "done" | "failed";
  readonly error?: unknown;
  readonly mine?: Mine;
  /** Answers that the server has not stored yet. */
  readonly unsent: number;
  readonly isOffline: boolean;
  /** Newest last. */
  readonly given: readonly Given[];
  /** Answers that the server rejected, with its reasons. */
  readonly refused: readonly Refused[];
  /** Items that went back to the queue because their lease expired. */
  readonly lost: number;
};

/** How many items to request, and the leases of the current, next and pending items. */
export type Wanted = { readonly count: number; readonly holding: readonly string[] };
export type AnswerBody = Work & {
  readonly clientId: string;
  readonly status: Outcome | "draft";
  /** How many items to return with the response. */
  readonly next?: Wanted;
};
/** The server calls of the page. */
export type AnnotationCalls = {
  next(count: number, holding: readonly string[]): Promise<NextItems>;
  answer(leaseId: string, body: AnswerBody): Promise<Answered>;
  undo(answerId: string): Promise<LeasedItem>;
  heartbeat(leaseIds: readonly string[]): Promise<{ lost: readonly string[] }>;
  release(leaseIds: readonly string[]): Promise<unknown>;
};
export type Sending = { readonly leaseId: string; readonly given: Given };
/** Stored in this browser beyond the page: pending answers, and drafts by item. */
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

/** The state of an answering page, and its pending answers. */
export function createDesk(deps: Deps) {
  const { kept } = deps;
  let outbox: readonly Sending[] = kept.outbox.read();
  let state: AnsweringState = {
    items: [],
    at: 0,
    phase: "loading",
    given: [],
    refused: [],
    lost: 0,
    unsent: outbox.length,
    isOffline: false,
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
    /** The current item. */
    shown: () => state.items[state.at],
    /** Replaces the held items. */
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
