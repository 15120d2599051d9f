const QUESTION = { type: "binary", key: "good", title: "Good?" };

/** A queue that other projects must not reach. */
export const QUEUE_BODY = { name: "mine", questions: [QUESTION] };

/** Bodies that would change an annotation queue. */
export const ANNOTATION_BODIES: Readonly<Record<string, object>> = {
  "PATCH /api/v1/annotation-queues/:queueId": { isOpen: false },
  "POST /api/v1/annotation-queues/:queueId/guidelines": { markdown: "theirs" },
  "POST /api/v1/annotation-queues/:queueId/questions": { questions: [QUESTION] },
  "POST /api/v1/annotation-queues/:queueId/items": { from: "spans", select: { filter: "" } },
  "POST /api/v1/annotation-queues/:queueId/rules": { name: "theirs", trigger: { kind: "arrivals" } },
  "PATCH /api/v1/annotation-queues/:queueId/rules/:ruleId": { isEnabled: false },
  "POST /api/v1/annotation-queues/:queueId/drift": { trigger: { kind: "drift" } },
  "POST /api/v1/annotation-queues/:queueId/heartbeat": { leaseIds: ["mine"] },
  "POST /api/v1/annotation-queues/:queueId/release": { leaseIds: ["mine"] },
  "POST /api/v1/annotation-leases/:leaseId/answers": { clientId: "theirs-1", status: "skipped" },
  "POST /api/v1/annotation-items/:itemId/comments": { text: "theirs" },
  "POST /api/v1/annotation-items/:itemId/adjudications": { answers: { good: true }, seenVersion: 0 },
  "PATCH /api/v1/annotation-items/:itemId": { priority: 1 },
  "POST /api/v1/annotation-queues/:queueId/consensus": { question: "good", to: { kind: "scores" } },
};
