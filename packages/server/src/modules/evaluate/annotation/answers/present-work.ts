import type { AnnotationAnswer, AnnotationQuestion, LeasedItem } from "@treadle/contract";
import type { KnownAnswer } from "../stores/answer-store.ts";
import type { QueueRow } from "../stores/queue-store.ts";
import type { Held } from "../stores/work-store.ts";
import { keysOf, orderOf, toShown } from "./candidate-order.ts";

type Of = { readonly queue: QueueRow; readonly questions: readonly AnnotationQuestion[] };

/** An item as its annotator sees it: without where it is from in a blind queue, and never whether it is a test. */
export function toLeased({ work, item }: Held, { queue, questions }: Of): LeasedItem {
  const { content, suggestion, source } = item;
  const order = orderOf(
    content.candidates.map(({ id }) => id),
    work.seed,
  );
  const keys = keysOf(order);
  const fieldsOf = (id: string) => content.candidates.find((one) => one.id === id)?.fields ?? [];
  const isSuggested = suggestion !== null && queue.suggestions === "before";
  const { traceId, spanId, sessionId } = source;
  return {
    leaseId: work.leaseId,
    itemId: item.id,
    queueId: queue.id,
    expiresAt: work.expiresAt.toISOString(),
    content: {
      fields: content.fields,
      candidates: order.map((id, at) => ({ key: keys[at] ?? id, fields: fieldsOf(id) })),
    },
    questionsVersion: queue.questionsVersion,
    guidelineVersion: queue.guidelineVersion,
    draft: work.draft,
    suggestion: isSuggested ? { ...suggestion, answers: toShown(questions, suggestion.answers, order) } : null,
    source: queue.isBlind ? null : { traceId, spanId, sessionId },
    commentCount: item.commentCount,
  };
}

export function toAnswer({ answer, isCurrent }: KnownAnswer, names: ReadonlyMap<string, string>): AnnotationAnswer {
  const { id: answerId, itemId, queueId, annotator, status, answers, comment, order, createdAt, ...row } = answer;
  return {
    answerId,
    itemId,
    queueId,
    status,
    answers,
    comment,
    order,
    isCurrent,
    annotator: { actorId: annotator, name: names.get(annotator) ?? annotator },
    questionsVersion: row.questionsVersion,
    guidelineVersion: row.guidelineVersion,
    msActive: row.msActive,
    isSuggestionShown: row.isSuggestionShown,
    clientVersion: row.clientVersion,
    supersedes: row.supersedes,
    createdAt: createdAt.toISOString(),
  };
}
