import type { LeasedItem } from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { createAnnotatorStore } from "./annotator-store.ts";
import { type AnswerRow, createAnswerStore } from "./answer-store.ts";
import { orderOf, toShown } from "./candidate-order.ts";
import type { AnnotationDeps } from "./deps.ts";
import { createHeldStore } from "./held-store.ts";
import { createItemStore } from "./item-store.ts";
import { checkOpen } from "./lease-items.ts";
import { toLeased } from "./present-work.ts";
import type { QueueRow } from "./queue-store.ts";
import type { Queues } from "./queues-service.ts";
import { createWorkStore, type ItemRow, type WorkRow } from "./work-store.ts";

type Deps = Pick<AnnotationDeps, "db" | "clock"> & { readonly queues: Pick<Queues, "find" | "questionsOf"> };
type Undoing = { readonly answer: AnswerRow; readonly work: WorkRow; readonly item: ItemRow };

const cannot = (why: string) => new AppError("conflict", { message: `This cannot be taken back: ${why}` });

/** Takes one's own answer back: it stays in the record, superseded, and the item is leased again with the answer as a draft. */
export function createUndo({ db, clock, queues }: Deps) {
  return async function undo(scope: Scope, answerId: string): Promise<LeasedItem> {
    const answer = await createAnswerStore(db).find(scope.projectId, answerId);
    if (!answer || answer.annotator !== scope.actor) throw notFound("answer of yours", answerId);
    const queue = await queues.find(scope, answer.queueId);
    checkOpen(queue);
    const questions = await queues.questionsOf(queue);
    const now = new Date(clock.now());
    const leaseId = await db.transaction(async (tx) => {
      const work = await createHeldStore(tx).holdOf(answer.itemId, scope.actor);
      const item = await createItemStore(tx).hold(scope.projectId, answer.itemId);
      if (!work || !item) throw notFound("annotation item", answer.itemId);
      checkMayUndo(queue, { answer, work, item }, now);
      const order = orderOf(
        item.content.candidates.map(({ id }) => id),
        work.seed,
      );
      const draft = {
        answers: toShown(questions, answer.answers, order),
        comment: answer.comment,
        msActive: answer.msActive,
        savedAt: now.toISOString(),
      };
      const expiresAt = new Date(now.getTime() + queue.leaseSeconds * 1_000);
      const lease = { leaseId: newId("lease", now.getTime()), expiresAt, draft };
      await createWorkStore(tx).update(work, { ...lease, state: "leased", answerId: null, updatedAt: now });
      await record(tx, { answer, work, item }, now);
      return lease.leaseId;
    });
    const [held] = await createWorkStore(db).listWithItems([leaseId]);
    if (!held) throw notFound("annotation item", answer.itemId);
    return toLeased(held, { queue, questions });
  };
}

function checkMayUndo({ undoSeconds }: QueueRow, { answer, work, item }: Undoing, now: Date): void {
  if (undoSeconds === 0) throw cannot("the queue does not allow it.");
  if (work.answerId !== answer.id) throw cannot("it was taken back already, or another answer has superseded it.");
  if (now.getTime() > answer.createdAt.getTime() + undoSeconds * 1_000)
    throw cannot(`the queue allows it for ${undoSeconds} seconds.`);
  if (item.adjudicationVersion > 0) throw cannot("a reviewer has settled the item.");
  if (item.status === "removed") throw cannot("the item was taken out of the queue.");
  const hadPlace = answer.status === "submitted" || answer.status === "discarded";
  if (!hadPlace && item.answered + item.held >= item.overlap) throw cannot("others have taken the item meanwhile.");
}

/** The item waits for an answer again. */
async function record(tx: Postgres, { answer, work, item }: Undoing, now: Date): Promise<void> {
  const { status } = answer;
  if (status === "draft" || status === "undone") throw new AppError("internal");
  const id = newId("answer", now.getTime());
  const undone = { status: "undone" as const, answers: {}, comment: "", msActive: 0, supersedes: answer.id };
  await createAnswerStore(tx).add({ ...answer, ...undone, id, clientId: id, digest: "", createdAt: now });
  const hadPlace = status === "submitted" || status === "discarded";
  await createItemStore(tx).update(item.projectId, item.id, {
    held: item.held + 1,
    ...(hadPlace && { answered: item.answered - 1 }),
    ...(item.status !== "open" && { status: "open" as const, completedAt: null }),
    ...(hadPlace && { agreement: null }),
  });
  await createAnnotatorStore(tx).add(work, status, { by: -1, at: now });
}
