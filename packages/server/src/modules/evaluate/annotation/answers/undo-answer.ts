import type { AnnotationQuestion, LeasedItem } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import { type AnswerRow, createAnswerStore } from "../stores/answer-store.ts";
import { createHeldStore, type HeldWork } from "../stores/held-store.ts";
import { createKeptAnswerStore } from "../stores/kept-answer-store.ts";
import type { QueueRow } from "../stores/queue-store.ts";
import { createWorkStore } from "../stores/work-store.ts";
import { toShown } from "./candidate-order.ts";
import { withdrawLabel } from "./label-finding.ts";
import { checkOpen } from "./lease-items.ts";
import { toLeased } from "./present-work.ts";

type Deps = Pick<AnnotationDeps, "db" | "clock" | "findings"> & {
  readonly queues: Pick<Queues, "find" | "questionsOf">;
};
type Undoing = {
  readonly answer: AnswerRow;
  readonly queue: QueueRow;
  readonly questions: readonly AnnotationQuestion[];
  readonly now: Date;
};

const cannot = (why: string) => new AppError("conflict", { message: `This answer cannot be undone: ${why}` });

/** Undoes a person's answer: it remains as superseded, and the item is leased again with the answer as a draft. */
export function createUndo({ db, clock, findings, queues }: Deps) {
  return async function undo(scope: Scope, answerId: string): Promise<LeasedItem> {
    const answer = await createAnswerStore(db).find(scope.projectId, answerId);
    if (!answer || answer.annotator !== scope.actor) throw notFound("answer", answerId);
    const queue = await queues.find(scope, answer.queueId);
    checkOpen(queue);
    const questions = await queues.questionsOf(queue);
    const undoing = { answer, queue, questions, now: new Date(clock.now()) };
    const leaseId = await db.transaction(async (tx) => {
      const heldItem = await createHeldStore(tx).holdOf(answer.itemId, scope.actor);
      if (!heldItem) throw notFound("annotation item", answer.itemId);
      checkMayUndo(undoing, heldItem);
      await withdrawLabel(findings, { tx, scope }, heldItem.item);
      return takeBack(tx, undoing, heldItem);
    });
    const [held] = await createWorkStore(db).listWithItems([leaseId]);
    if (!held) throw notFound("annotation item", answer.itemId);
    return toLeased(held, { queue, questions });
  };
}

const hadPlace = ({ status }: AnswerRow) => status === "submitted" || status === "discarded";

function checkMayUndo({ answer, queue: { undoSeconds }, now }: Undoing, { work, item }: HeldWork): void {
  if (undoSeconds === 0) throw cannot("the queue does not allow it.");
  if (work.answerId !== answer.id) throw cannot("it was already undone, or another answer has replaced it.");
  if (now.getTime() > answer.createdAt.getTime() + undoSeconds * 1_000)
    throw cannot(`the queue allows it for ${undoSeconds} seconds.`);
  if (item.adjudicationVersion > 0) throw cannot("a reviewer has settled the item.");
  if (item.status === "removed") throw cannot("the item was removed from the queue.");
  if (!hadPlace(answer) && item.answered + item.held >= item.overlap)
    throw cannot("other annotators have taken the item.");
}

/** The item waits for an answer again; gives the new lease. */
async function takeBack(tx: Postgres, { answer, queue, questions, now }: Undoing, { item }: HeldWork): Promise<string> {
  const { status } = answer;
  if (status === "draft" || status === "undone") throw new AppError("internal");
  const draft = {
    answers: toShown(questions, answer.answers, answer.order),
    comment: answer.comment,
    msActive: answer.msActive,
    savedAt: now.toISOString(),
  };
  const id = newId("answer", now.getTime());
  const leaseId = newId("lease", now.getTime());
  const expiresAt = new Date(now.getTime() + queue.leaseSeconds * 1_000);
  const undone = { status: "undone" as const, answers: {}, comment: "", msActive: 0, supersedes: answer.id };
  await createKeptAnswerStore(tx).keep({
    answer: { ...answer, ...undone, id, clientId: id, digest: "", createdAt: now },
    work: { leaseId, state: "leased", expiresAt, draft, answerId: null },
    item: {
      status: "open",
      held: item.held + 1,
      answered: item.answered - (hadPlace(answer) ? 1 : 0),
      agreement: hadPlace(answer) ? null : item.agreement,
      completedAt: null,
    },
    count: { what: status, by: -1 },
  });
  return leaseId;
}
