import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { forget, readStored, store } from "../../../../components/browser/stored-state.ts";
import { useProject } from "../../../system/session/index.ts";
import { answersToSend } from "../item/answer-values.ts";
import type { AnnotationCalls, AnsweringStore, Sending, Work } from "../item/answering-desk.ts";
import type { Queue } from "../shared/use-queues.ts";
import { type Answering, createAnswering } from "./answering.ts";

const TICK_MS = 1_000;
/** A person counts as inactive after this time without a key or a pointer move. */
const IDLE_MS = 60_000;
const DRAFT_MS = 4_000;

/** The answering session of one person, while the page is open. */
export function useAnswering(queue: Pick<Queue, "queueId" | "questions" | "leaseSeconds">) {
  const { queueId, questions, leaseSeconds } = queue;
  const { id, client } = useProject();
  const cache = useQueryClient();
  const answering = useMemo(
    () =>
      createAnswering({
        calls: callsOf(client, queueId),
        kept: keptIn(queueId),
        newId: () => crypto.randomUUID(),
        wait: waitForNetwork,
      }),
    [client, queueId],
  );
  useEffect(() => {
    answering.start();
    const giveBack = () => answering.close();
    // A page restored from the back-forward cache starts again.
    const start = ({ persisted }: PageTransitionEvent) => persisted && answering.start();
    window.addEventListener("pagehide", giveBack);
    window.addEventListener("pageshow", start);
    return () => {
      window.removeEventListener("pagehide", giveBack);
      window.removeEventListener("pageshow", start);
      answering.close();
      void cache.invalidateQueries({ queryKey: ["annotation", id] });
    };
  }, [answering, cache, id]);
  useTimer(answering);
  useEffect(() => {
    const timer = setInterval(
      () => void answering.heartbeat().catch(() => undefined),
      Math.max(5_000, (leaseSeconds * 1_000) / 3),
    );
    return () => clearInterval(timer);
  }, [answering, leaseSeconds]);
  const state = useSyncExternalStore(answering.subscribe, answering.get);
  const item = state.items[state.at];
  const values = item?.work.values;
  useEffect(() => {
    if (!values || Object.keys(values).length === 0) return;
    // Drafts are stored in this browser immediately; the server copy can wait for a pause.
    const timer = setTimeout(() => {
      void answering.saveDraft(answersToSend(questions, values)).catch(() => undefined);
    }, DRAFT_MS);
    return () => clearTimeout(timer);
  }, [answering, questions, values]);
  return { answering, state, item };
}

/** Measures active time: the page is visible, and there was recent input. */
function useTimer(answering: Answering) {
  useEffect(() => {
    let last = Date.now();
    const seen = () => {
      last = Date.now();
    };
    const events = ["keydown", "pointermove", "pointerdown", "wheel", "touchmove"] as const;
    for (const event of events) window.addEventListener(event, seen, { passive: true });
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && Date.now() - last < IDLE_MS) answering.tick(TICK_MS);
    }, TICK_MS);
    return () => {
      clearInterval(timer);
      for (const event of events) window.removeEventListener(event, seen);
    };
  }, [answering]);
}

const callsOf = (client: ReturnType<typeof useProject>["client"], queueId: string): AnnotationCalls => ({
  next: (count, holding) =>
    client.call("POST /api/v1/annotation-queues/:queueId/next", {
      params: { queueId },
      body: { count, holding: [...holding] },
    }),
  answer: (leaseId, { values, next, ...rest }) =>
    client.call("POST /api/v1/annotation-leases/:leaseId/answers", {
      params: { leaseId },
      body: {
        ...rest,
        answers: values,
        clientVersion: "web",
        ...(next && { next: { count: next.count, holding: [...next.holding] } }),
      },
    }),
  undo: (answerId) => client.call("POST /api/v1/annotation-answers/:answerId/undo", { params: { answerId } }),
  heartbeat: (leaseIds) =>
    client.call("POST /api/v1/annotation-queues/:queueId/heartbeat", {
      params: { queueId },
      body: { leaseIds: [...leaseIds] },
    }),
  release: (leaseIds) =>
    client.call("POST /api/v1/annotation-queues/:queueId/release", {
      params: { queueId },
      body: { leaseIds: [...leaseIds] },
      keepalive: true,
    }),
});

const NOTHING_WAITS: readonly Sending[] = [];

function keptIn(queueId: string): AnsweringStore {
  const outboxKey = `annotation.outbox.${queueId}`;
  const draftKey = (itemId: string) => `annotation.draft.${itemId}`;
  return {
    outbox: {
      read: () => readStored(outboxKey, NOTHING_WAITS),
      write: (all) => (all.length > 0 ? store(outboxKey, all) : forget(outboxKey)),
    },
    draft: {
      read: (itemId) => readStored<Work | undefined>(draftKey(itemId), undefined),
      write: (itemId, work) => (work ? store(draftKey(itemId), work) : forget(draftKey(itemId))),
    },
  };
}

/** Waits for the given time, or until the browser reports that the network is back. */
const waitForNetwork = (ms: number) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    window.addEventListener("online", done, { once: true });
    function done() {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    }
  });
