import type { AnnotationAnswerInput, AnnotationQuestion, AnnotationValues } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { storableJson, storableText } from "../../experiments/index.ts";
import { type AnswerRow, createAnswerStore } from "../stores/answer-store.ts";
import type { HeldWork } from "../stores/held-store.ts";
import { createKeptAnswerStore, type Keeping } from "../stores/kept-answer-store.ts";
import type { QueueRow } from "../stores/queue-store.ts";
import { createWorkStore, type ItemRow } from "../stores/work-store.ts";
import { keysOf, orderOf, toKept } from "./candidate-order.ts";
import { checkAnswers } from "./check-answers.ts";
import { settleItem } from "./settle-item.ts";

/** The input of an answer to an item. */
export type Said = Omit<AnnotationAnswerInput, "next" | "clientId"> & { readonly clientId: string };
/** What is known before the answer is written. */
export type Answering = {
  readonly scope: Scope;
  readonly queue: QueueRow;
  readonly questions: readonly AnnotationQuestion[];
  readonly input: Said;
  readonly digest: string;
  readonly now: Date;
};
/** The stored answer. The annotator is undefined when the answer was not counted. */
export type Answered = {
  readonly row: AnswerRow;
  readonly item: ItemRow;
  readonly isCurrent: boolean;
  readonly person: Awaited<ReturnType<ReturnType<typeof createKeptAnswerStore>["keep"]>>;
};

function rowOf({ scope, queue, input, digest, now }: Answering, { work, item }: HeldWork): AnswerRow {
  const { clientId, status, comment, msActive, clientVersion } = input;
  return {
    id: newId("answer", now.getTime()),
    projectId: scope.projectId,
    queueId: queue.id,
    itemId: item.id,
    annotator: scope.actor,
    clientId,
    digest,
    status,
    answers: {},
    comment: storableText(comment),
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

/** A draft stores the state of the screen. It does not finish the item and is not an answer. */
export async function keepDraft(tx: Postgres, answering: Answering, held: HeldWork): Promise<Answered> {
  const { input, queue, now } = answering;
  const { work, item } = held;
  const draft = {
    answers: JSON.parse(storableJson(input.answers)),
    comment: storableText(input.comment),
    msActive: input.msActive,
    savedAt: now.toISOString(),
  };
  const expiresAt = work.state === "leased" ? new Date(now.getTime() + queue.leaseSeconds * 1_000) : work.expiresAt;
  await createWorkStore(tx).keepDraft(work.leaseId, { draft, expiresAt, updatedAt: now });
  const row = { ...rowOf(answering, held), answers: draft.answers };
  return { row, item, isCurrent: false, person: undefined };
}

/** An answer, with what it makes of the item. An item whose time ran out is still taken while there is a place. */
export async function keepAnswer(tx: Postgres, answering: Answering, held: HeldWork): Promise<Answered> {
  const { input } = answering;
  const { work, item } = held;
  if (input.status === "draft") throw new AppError("internal");
  const isHeld = work.state === "leased";
  const hasPlace = input.status === "submitted" || input.status === "discarded";
  if (!isHeld && hasPlace && (item.status !== "open" || item.answered + item.held >= item.overlap)) throw tooLate();
  const row = { ...rowOf(answering, held), answers: keptAnswers(answering, held) };
  const counts = { held: item.held - (isHeld ? 1 : 0), answered: item.answered + (hasPlace ? 1 : 0) };
  const person = await createKeptAnswerStore(tx).keep({
    answer: row,
    work: { ...work, state: input.status, answerId: row.id, draft: null },
    item: { ...(await becomes(tx, answering, { item, row, hasPlace })), ...counts },
    count: { what: input.status, by: 1 },
  });
  return { row, item, isCurrent: true, person };
}

type Becoming = { readonly item: ItemRow; readonly row: AnswerRow; readonly hasPlace: boolean };

/** The status of the item after the answer. A removed or flagged item stays so. */
async function becomes(
  tx: Postgres,
  { queue, questions, now }: Answering,
  { item, row, hasPlace }: Becoming,
): Promise<Omit<Keeping["item"], "held" | "answered">> {
  const { status, agreement, completedAt } = item;
  const isAway = status === "removed" || status === "flagged";
  if (!hasPlace) return { status: row.status === "flagged" && !isAway ? "flagged" : status, agreement, completedAt };
  const others = item.answered > 0 && !item.isGold ? await createAnswerStore(tx).listCurrent(item.id) : [];
  const settled = settleItem({ item, queue, questions, answers: [...others, row], now });
  return isAway ? { status, agreement: settled.agreement, completedAt } : settled;
}

const tooLate = () =>
  new AppError("conflict", {
    message:
      "Your time for this item expired, and others have answered it in the meantime. Nothing was stored. Request the next item.",
  });

/** The answers in stored form, with candidates instead of sides. Only a submitted draft is an answer. */
function keptAnswers({ questions, input }: Answering, { work, item }: HeldWork): AnnotationValues {
  if (input.status !== "submitted") return {};
  const order = orderOf(
    item.content.candidates.map(({ id }) => id),
    work.seed,
  );
  checkAnswers(questions, input.answers, { content: item.content, candidates: keysOf(order) });
  return toKept(questions, JSON.parse(storableJson(input.answers)), order);
}
