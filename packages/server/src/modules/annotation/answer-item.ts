import { createHash } from "node:crypto";
import type { AnnotationAnswerInput, AnsweredItem } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { createAnnotatorStore } from "./annotator-store.ts";
import { type AnswerRow, createAnswerStore } from "./answer-store.ts";
import { toShown } from "./candidate-order.ts";
import type { AnnotationDeps } from "./deps.ts";
import { giveNext } from "./give-next.ts";
import { createHeldStore, type HeldWork } from "./held-store.ts";
import { type Answered, type Answering, keepAnswer, keepDraft, type Said } from "./keep-answer.ts";
import { checkOpen } from "./lease-items.ts";
import { toMine } from "./present-mine.ts";
import { toAnswer } from "./present-work.ts";
import type { Queues } from "./queues-service.ts";
import { checkMayAnswer } from "./rights.ts";

type Deps = Pick<AnnotationDeps, "db" | "clock" | "random" | "namesOf"> & {
  readonly queues: Pick<Queues, "questionsOf">;
};
const NAME_MS = 60_000;
const MOST_NAMES = 10_000;

/** Takes answers. What was sent before is known by its client id; what is new is written in one transaction with what follows from it. */
export function createAnswering({ db, clock, random, namesOf, queues }: Deps) {
  const names = new Map<string, { readonly found: ReadonlyMap<string, string>; readonly at: number }>();

  /** One's own name is asked for with each answer, and hardly ever changes. */
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
      const { next: wanted, ...input } = sent;
      const now = new Date(clock.now());
      const { answering, answered, next } = await db.transaction(async (tx) => {
        const lease = { projectId: scope.projectId, annotator: scope.actor, leaseId, clientId: input.clientId };
        const held = await createHeldStore(tx).hold(lease);
        if (!held) throw leaseGone(leaseId);
        const { queue } = held;
        checkMayAnswer(scope, queue);
        const questions = await queues.questionsOf(queue, tx);
        const answering = { scope, queue, questions, input, digest: digestOf(held.work.itemId, input), now };
        const answered = await write(tx, answering, held);
        if (!wanted || !queue.isOpen) return { answering, answered, next: null };
        const asked = { ...wanted, holding: [...wanted.holding, leaseId] };
        const next = await giveNext(tx, random, { ...answering, input: asked, isAlong: true });
        return { answering, answered, next };
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
    message: `There is no lease "${leaseId}" of yours. It has ended, and the item was given out again: ask for the next one.`,
    details: { kind: "lease", id: leaseId },
  });

async function write(tx: Postgres, answering: Answering, held: HeldWork): Promise<Answered> {
  const { queue, input } = answering;
  const { work, item } = held;
  const isAnswered = work.state !== "leased" && work.state !== "returned";
  // The same may have been sent twice at once: what the other has kept meanwhile is not seen by the look that waited for it.
  const known = held.known ?? (isAnswered ? await createAnswerStore(tx).findSent(sentBy(answering)) : undefined);
  if (known) return { row: sameAs(known, answering), item, isCurrent: work.answerId === known.id, person: undefined };
  checkOpen(queue);
  if (isAnswered)
    throw new AppError("conflict", { message: `You have ${work.state} this item already. Take that back first.` });
  return input.status === "draft" ? keepDraft(tx, answering, held) : keepAnswer(tx, answering, held);
}

const sentBy = ({ scope, input }: Answering) => ({
  ...{ projectId: scope.projectId, annotator: scope.actor, clientId: input.clientId },
});

/** The answer that is kept under a client id. Throws `conflict` when it says something else. */
function sameAs(known: AnswerRow, { digest, input }: Answering): AnswerRow {
  if (known.digest === digest) return known;
  throw new AppError("conflict", {
    message: `\`clientId\`: "${input.clientId}" was sent with another answer before. Make a new one for each answer.`,
    details: { field: "clientId", answerId: known.id },
  });
}
