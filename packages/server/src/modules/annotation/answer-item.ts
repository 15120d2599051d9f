import { createHash } from "node:crypto";
import type { AnnotationAnswerInput, AnnotationQuestion, AnsweredItem } from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { storableJson, storableText } from "../evals/index.ts";
import { createAnnotatorStore } from "./annotator-store.ts";
import { type AnswerRow, createAnswerStore } from "./answer-store.ts";
import { keysOf, orderOf, toKept, toShown } from "./candidate-order.ts";
import { checkAnswers } from "./check-answers.ts";
import type { AnnotationDeps } from "./deps.ts";
import { createHeldStore } from "./held-store.ts";
import { createItemStore } from "./item-store.ts";
import { checkOpen, type Leases } from "./lease-items.ts";
import { toAnswer } from "./present-work.ts";
import type { QueueRow } from "./queue-store.ts";
import type { Queues } from "./queues-service.ts";
import { checkMayAnswer } from "./rights.ts";
import { settleItem } from "./settle-item.ts";
import { createWorkStore, type ItemRow, type WorkRow } from "./work-store.ts";

type Deps = Pick<AnnotationDeps, "db" | "clock" | "namesOf"> & {
  readonly queues: Pick<Queues, "find" | "questionsOf">;
  readonly leases: Pick<Leases, "mine">;
};
type Answering = {
  readonly scope: Scope;
  readonly queue: QueueRow;
  readonly questions: readonly AnnotationQuestion[];
  readonly input: AnnotationAnswerInput;
  readonly digest: string;
  readonly now: Date;
};
type Answered = { readonly row: AnswerRow; readonly item: ItemRow; readonly isCurrent: boolean };

/** Takes answers. What was sent before is known by its client id; what is new is written in one transaction with what follows from it. */
export function createAnswering({ db, clock, namesOf, queues, leases }: Deps) {
  async function describe(scope: Scope, queue: QueueRow, { row, item, isCurrent }: Answered): Promise<AnsweredItem> {
    const isSuggested = row.status === "submitted" && queue.suggestions !== "never" && item.suggestion !== null;
    const questions = isSuggested ? await queues.questionsOf(queue) : [];
    const canUndo = queue.undoSeconds > 0 && row.status !== "draft";
    return {
      answer: toAnswer({ answer: row, isCurrent }, await namesOf(scope.projectId, [row.annotator])),
      suggestion:
        isSuggested && item.suggestion
          ? { ...item.suggestion, answers: toShown(questions, item.suggestion.answers, row.order) }
          : null,
      undoUntil: canUndo ? new Date(row.createdAt.getTime() + queue.undoSeconds * 1_000).toISOString() : null,
      mine: await leases.mine(scope, queue.id),
    };
  }

  return {
    async answer(scope: Scope, leaseId: string, input: AnnotationAnswerInput): Promise<AnsweredItem> {
      const work = await createWorkStore(db).find(scope.projectId, leaseId);
      if (!work || work.annotator !== scope.actor) throw leaseGone(leaseId);
      const queue = await queues.find(scope, work.queueId);
      checkMayAnswer(scope, queue);
      const questions = await queues.questionsOf(queue);
      const digest = createHash("sha256")
        .update(JSON.stringify([work.itemId, input]))
        .digest("hex");
      const answering = { scope, queue, questions, input, digest, now: new Date(clock.now()) };
      const answered = await db.transaction((tx) => write(tx, answering, leaseId));
      return describe(scope, queue, answered);
    },
  };
}

const leaseGone = (leaseId: string) =>
  new AppError("not_found", {
    message: `There is no lease "${leaseId}" of yours. It has ended, and the item was given out again: ask for the next one.`,
    details: { kind: "lease", id: leaseId },
  });

async function write(tx: Postgres, answering: Answering, leaseId: string): Promise<Answered> {
  const { scope, queue, input, digest } = answering;
  const work = await createHeldStore(tx).hold(scope.projectId, leaseId);
  if (!work) throw leaseGone(leaseId);
  const known = await createAnswerStore(tx).findByClient(scope.projectId, scope.actor, input.clientId);
  const item = await createItemStore(tx).hold(scope.projectId, work.itemId);
  if (!item) throw notFound("annotation item", work.itemId);
  if (known) {
    if (known.digest === digest) return { row: known, item, isCurrent: work.answerId === known.id };
    throw new AppError("conflict", {
      message: `\`clientId\`: "${input.clientId}" was sent with another answer before. Make a new one for each answer.`,
      details: { field: "clientId", answerId: known.id },
    });
  }
  checkOpen(queue);
  if (work.state !== "leased" && work.state !== "returned")
    throw new AppError("conflict", { message: `You have ${work.state} this item already. Take that back first.` });
  return input.status === "draft"
    ? keepDraft(tx, answering, { work, item })
    : keepAnswer(tx, answering, { work, item });
}

type Found = { readonly work: WorkRow; readonly item: ItemRow };

function rowOf({ scope, queue, input, digest, now }: Answering, { work, item }: Found): AnswerRow {
  const { clientId, status, comment, msActive, clientVersion } = input;
  return {
    ...{ id: newId("answer", now.getTime()), projectId: scope.projectId, queueId: queue.id, itemId: item.id },
    ...{ annotator: scope.actor, clientId, digest, status, answers: {}, comment: storableText(comment) },
    order: orderOf(
      item.content.candidates.map(({ id }) => id),
      work.seed,
    ),
    questionsVersion: queue.questionsVersion,
    guidelineVersion: queue.guidelineVersion,
    msActive,
    isSuggestionShown: queue.suggestions === "before" && item.suggestion !== null,
    clientVersion: storableText(clientVersion),
    supersedes: null,
    createdAt: now,
  };
}

/** A draft is kept as it is on screen; it ends nothing, and is no answer. */
async function keepDraft(tx: Postgres, answering: Answering, { work, item }: Found): Promise<Answered> {
  const { input, queue, now } = answering;
  const draft = {
    answers: JSON.parse(storableJson(input.answers)),
    comment: storableText(input.comment),
    msActive: input.msActive,
    savedAt: now.toISOString(),
  };
  const expiresAt = new Date(now.getTime() + queue.leaseSeconds * 1_000);
  const isHeld = work.state === "leased";
  await createWorkStore(tx).update(work, { draft, updatedAt: now, ...(isHeld && { expiresAt }) });
  return { row: { ...rowOf(answering, { work, item }), answers: draft.answers }, item, isCurrent: false };
}

const STATES = { submitted: "submitted", skipped: "skipped", discarded: "discarded", flagged: "flagged" } as const;

async function keepAnswer(tx: Postgres, answering: Answering, { work, item }: Found): Promise<Answered> {
  const { scope, questions, input, now } = answering;
  if (input.status === "draft") throw new AppError("internal");
  const isHeld = work.state === "leased";
  const counts = input.status === "submitted" || input.status === "discarded";
  if (!isHeld && counts && (item.status !== "open" || item.answered + item.held >= item.overlap)) throw tooLate();
  const row = { ...rowOf(answering, { work, item }), answers: keptAnswers(answering, { work, item }) };
  await createAnswerStore(tx).add(row);
  const changes = { state: STATES[input.status], answerId: row.id, draft: null, updatedAt: now };
  await createWorkStore(tx).update(work, changes);
  const held = item.held - (isHeld ? 1 : 0);
  const answers = counts ? await createAnswerStore(tx).listCurrent(item.id) : [];
  const settled = counts ? settleItem({ item, queue: answering.queue, questions, answers, now }) : null;
  await createItemStore(tx).update(scope.projectId, item.id, {
    held,
    ...(counts && { answered: item.answered + 1 }),
    ...(settled && item.status !== "removed" && item.status !== "flagged" && settled),
    ...(input.status === "flagged" && item.status === "open" && { status: "flagged" as const }),
  });
  const of = { queueId: item.queueId, annotator: scope.actor };
  await createAnnotatorStore(tx).add(of, input.status, { by: 1, at: now });
  return { row, item, isCurrent: true };
}

const tooLate = () =>
  new AppError("conflict", {
    message:
      "Your time for this item ran out, and others have answered it meanwhile. Nothing was kept; ask for the next one.",
  });

/** The answers as they are kept, with candidates instead of sides. Only what is submitted is an answer to the questions. */
function keptAnswers({ questions, input }: Answering, { work, item }: Found) {
  if (input.status !== "submitted") return {};
  const order = orderOf(
    item.content.candidates.map(({ id }) => id),
    work.seed,
  );
  checkAnswers(questions, input.answers, { content: item.content, candidates: keysOf(order) });
  return toKept(questions, JSON.parse(storableJson(input.answers)), order);
}
