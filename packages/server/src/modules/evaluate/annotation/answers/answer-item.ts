import { createHash } from "node:crypto";
import type { AnnotationAnswerInput, AnsweredItem } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import { checkMayAnswer } from "../queues/rights.ts";
import { createAnnotatorStore } from "../stores/annotator-store.ts";
import { type AnswerRow, createAnswerStore } from "../stores/answer-store.ts";
import { createHeldStore, type HeldWork } from "../stores/held-store.ts";
import { toShown } from "./candidate-order.ts";
import { giveNext } from "./give-next.ts";
import { type Answered, type Answering, keepAnswer, keepDraft, type Said } from "./keep-answer.ts";
import { labelFinding } from "./label-finding.ts";
import { checkOpen } from "./lease-items.ts";
import { toMine } from "./present-mine.ts";
import { toAnswer } from "./present-work.ts";

type Deps = Pick<AnnotationDeps, "db" | "clock" | "random" | "namesOf" | "findings"> & {
  readonly queues: Pick<Queues, "questionsOf">;
};
const NAME_MS = 60_000;
const MOST_NAMES = 10_000;

/**
 * Accepts answers. A repeated answer is recognised by its client id. A new answer and its effects are written in one
 * transaction.
 */
export function createAnswering({ db, clock, random, namesOf, findings, queues }: Deps) {
  const names = new Map<string, { readonly found: ReadonlyMap<string, string>; readonly at: number }>();

  /** The person's name is needed for each answer, and hardly ever changes. */
  async function nameOf({ projectId, actor }: Scope): Promise<ReadonlyMap<string, string>> {
    const key = `${projectId} ${actor}`;
    const known = names.get(key);
    if (known && clock.elapsed() - known.at < NAME_MS) return known.found;
    const found = await namesOf(projectId, [actor]);
    if (names.size >= MOST_NAMES) names.clear();
    names.set(key, { found, at: clock.elapsed() });
    return found;
  }

  async function describe(scope: Scope, { queue, questions }: Answering, answered: Answered) {
    const { row, item, isCurrent, person } = answered;
    const { suggestion } = item;
    const isSuggested = row.status === "submitted" && queue.suggestions !== "never" && suggestion !== null;
    const canUndo = queue.undoSeconds > 0 && row.status !== "draft";
    return {
      answer: toAnswer({ answer: row, isCurrent }, await nameOf(scope)),
      suggestion: isSuggested ? { ...suggestion, answers: toShown(questions, suggestion.answers, row.order) } : null,
      undoUntil: canUndo ? new Date(row.createdAt.getTime() + queue.undoSeconds * 1_000).toISOString() : null,
      mine: toMine(person ?? (await createAnnotatorStore(db).find(queue.id, scope.actor))),
    };
  }

  return {
    async answer(scope: Scope, leaseId: string, sent: AnnotationAnswerInput): Promise<AnsweredItem> {
      const now = new Date(clock.now());
      const { next: wanted, clientId = newId("client", now.getTime()), ...answer } = sent;
      const input = { clientId, ...answer };
      const { answering, answered, next } = await db.transaction(async (tx) => {
        const lease = { projectId: scope.projectId, annotator: scope.actor, leaseId, clientId: input.clientId };
        const heldItem = await createHeldStore(tx).hold(lease);
        if (!heldItem) throw leaseGone(leaseId);
        const { queue } = heldItem;
        checkMayAnswer(scope, queue);
        const questions = await queues.questionsOf(queue, tx);
        const answering = { scope, queue, questions, input, digest: digestOf(heldItem.work.itemId, input), now };
        const answer = await write(tx, answering, heldItem);
        await labelFinding(findings, { tx, scope }, answer);
        if (!wanted || !queue.isOpen) return { answering, answered: answer, next: null };
        const asked = { ...wanted, holding: [...wanted.holding, leaseId] };
        const next = await giveNext(tx, random, { ...answering, input: asked, isAlong: true });
        return { answering, answered: answer, next };
      });
      return { ...(await describe(scope, answering, answered)), next };
    },
  };
}

const digestOf = (itemId: string, input: Said): string =>
  createHash("sha256")
    .update(JSON.stringify([itemId, input]))
    .digest("hex");

const leaseGone = (leaseId: string) =>
  new AppError("not_found", {
    message: `You have no lease "${leaseId}". It has expired, and the item was assigned again. Request the next item.`,
    details: { kind: "lease", id: leaseId },
  });

async function write(tx: Postgres, answering: Answering, held: HeldWork): Promise<Answered> {
  const { queue, input } = answering;
  const { work, item } = held;
  const isAnswered = work.state !== "leased" && work.state !== "returned";
  // Two identical requests may arrive at the same time. The earlier query does not see the row that the other request wrote.
  const known = held.known ?? (isAnswered ? await createAnswerStore(tx).findSent(sentBy(answering)) : undefined);
  if (known) return { row: sameAs(known, answering), item, isCurrent: work.answerId === known.id, person: undefined };
  checkOpen(queue);
  if (isAnswered)
    throw new AppError("conflict", { message: `You have already ${work.state} this item. Undo that first.` });
  return input.status === "draft" ? keepDraft(tx, answering, held) : keepAnswer(tx, answering, held);
}

const sentBy = ({ scope, input }: Answering) => ({
  projectId: scope.projectId,
  annotator: scope.actor,
  clientId: input.clientId,
});

/** The stored answer for a client id. Throws `conflict` when its content differs. */
function sameAs(known: AnswerRow, { digest, input }: Answering): AnswerRow {
  if (known.digest === digest) return known;
  throw new AppError("conflict", {
    message: `\`clientId\`: "${input.clientId}" was already sent with a different answer. Use a new one for each answer.`,
    details: { field: "clientId", answerId: known.id },
  });
}
