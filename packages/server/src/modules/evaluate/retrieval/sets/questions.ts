import {
  type HitJudgement,
  MOST_JUDGEMENTS,
  MOST_QUESTIONS,
  type ParsedOf,
  type QuestionJudgement,
  type questionsApi,
  type RetrievalQuestion,
  type RetrievalQuestionInput,
  type RetrievalQuestionPatch,
  type RetrievalQuestionSet,
} from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { RetrievalDeps } from "../stores/deps.ts";
import { createQuestionStore, type NewQuestion, type QuestionRow } from "../stores/question-store.ts";
import { createSetStore } from "../stores/set-store.ts";
import { findSet, lockSet } from "./find-set.ts";
import { getSet } from "./question-sets.ts";
import { createReadJudgements } from "./read-judgements.ts";

type Query = ParsedOf<(typeof questionsApi)["GET /api/v1/question-sets/:questionSetId/questions"]>["query"];
type Place = { readonly questionSetId: string; readonly questionId: string };

export const createQuestions = (deps: RetrievalDeps) => ({
  ...createReads(deps),
  ...createAdding(deps),
  ...createChanges(deps),
  ...createHitJudgements(deps),
});

function createReads({ db }: RetrievalDeps) {
  return {
    async listQuestions(scope: Scope, setId: string, { limit, cursor, search }: Query) {
      await findSet(db, scope, setId);
      const after = cursor === undefined ? null : placeOf(cursor);
      const rows = await createQuestionStore(db).list(setId, { limit: limit + 1, after, search });
      const page = toPage(rows, limit, ({ place, id }) => [place, id]);
      return { ...page, items: page.items.map(presentQuestion) };
    },
  };
}

function createAdding(deps: RetrievalDeps) {
  const { db, audit } = deps;
  return {
    async addQuestions(
      scope: Scope,
      setId: string,
      inputs: readonly RetrievalQuestionInput[],
    ): Promise<RetrievalQuestionSet> {
      const { baseId } = await findSet(db, scope, setId);
      const read = await createReadJudgements(deps, { scope, baseId }).readQuestions(inputs);
      await db.transaction(async (tx) => {
        await putQuestions(deps, tx, { scope, setId, read });
        const details = { questions: read.length };
        await audit.record(scope, { action: "question-set.add-questions", target: setId, details }, tx);
      });
      return getSet(db, scope, setId);
    },
  };
}

type Put = { readonly scope: Scope; readonly setId: string; readonly read: readonly NewQuestion[] };

/** Stores questions of a set, in a transaction. Throws `unprocessable` beyond the limit of a set. */
export async function putQuestions(
  { clock }: Pick<RetrievalDeps, "clock">,
  tx: Postgres,
  { scope, setId, read }: Put,
): Promise<void> {
  await lockSet(tx, scope, setId);
  const store = createQuestionStore(tx);
  await store.put(setId, read);
  await createSetStore(tx).update(scope.projectId, setId, { updatedAt: new Date(clock.now()) });
  if ((await store.countQuestions(setId)) > MOST_QUESTIONS)
    throw new AppError("unprocessable", {
      message: `A question set has at most ${MOST_QUESTIONS} questions. Create another set.`,
    });
}

function createChanges(deps: RetrievalDeps) {
  const { db, audit } = deps;
  const record = (scope: Scope, action: string, { questionSetId, questionId }: Place) =>
    audit.record(scope, { action: `question-set.${action}`, target: questionSetId, details: { questionId } });
  return {
    async updateQuestion(
      scope: Scope,
      place: Place,
      { question, relevant }: RetrievalQuestionPatch,
    ): Promise<RetrievalQuestion> {
      const { questionSetId: setId, questionId } = place;
      const { baseId } = await findSet(db, scope, setId);
      const row = await findQuestion(db, place);
      const reader = createReadJudgements(deps, { scope, baseId });
      const read = relevant ? await reader.readJudgements(relevant) : row.relevant;
      const changed = { id: questionId, question: question ?? row.question, relevant: read };
      await db.transaction((tx) => putQuestions(deps, tx, { scope, setId, read: [changed] }));
      await record(scope, "update-question", place);
      return presentQuestion(changed);
    },

    async deleteQuestion(scope: Scope, place: Place): Promise<void> {
      await findSet(db, scope, place.questionSetId);
      const isDeleted = await createQuestionStore(db).delete(place.questionSetId, place.questionId);
      if (!isDeleted) throw notFound("question", place.questionId);
      await record(scope, "delete-question", place);
    },
  };
}

function createHitJudgements(deps: RetrievalDeps) {
  const { db } = deps;
  return {
    /** The query of a search becomes a question of the set, and its judged hit a judgement. */
    async judgeHit(
      scope: Scope,
      setId: string,
      { question, version, ...input }: HitJudgement,
    ): Promise<RetrievalQuestion> {
      const { baseId } = await findSet(db, scope, setId);
      const [judgement] = await createReadJudgements(deps, { scope, baseId, version }).readJudgements([input]);
      return db.transaction(async (tx) => {
        await lockSet(tx, scope, setId);
        const row = await createQuestionStore(tx).findByText(setId, question);
        const relevant = replaceJudgement(row?.relevant ?? [], judgement);
        const changed = { id: row?.id ?? newId("q"), question, relevant };
        await putQuestions(deps, tx, { scope, setId, read: [changed] });
        return presentQuestion(changed);
      });
    },
  };
}

function replaceJudgement(
  judgements: readonly QuestionJudgement[],
  judgement: QuestionJudgement | undefined,
): QuestionJudgement[] {
  if (!judgement) return [...judgements];
  const isSame = ({ documentId, start, end }: QuestionJudgement) =>
    documentId === judgement.documentId && start === judgement.start && end === judgement.end;
  const replaced = [...judgements.filter((one) => !isSame(one)), judgement];
  if (replaced.length <= MOST_JUDGEMENTS) return replaced;
  throw new AppError("unprocessable", {
    message: `A question has at most ${MOST_JUDGEMENTS} judgements. Delete some of them first.`,
  });
}

async function findQuestion(db: Postgres, { questionSetId, questionId }: Place): Promise<QuestionRow> {
  const row = await createQuestionStore(db).find(questionSetId, questionId);
  if (!row) throw notFound("question", questionId);
  return row;
}

const presentQuestion = ({ id, question, relevant }: NewQuestion): RetrievalQuestion => ({
  questionId: id,
  question,
  relevant,
});

/** Reads the cursor of a list in the order of places. */
export function placeOf(cursor: string): readonly [number, string] {
  const [place, id] = fromCursor(cursor, 2);
  if (typeof place === "number" && Number.isSafeInteger(place) && typeof id === "string") return [place, id];
  throw new AppError("invalid_request", {
    message: "The cursor does not belong to this list. Start again without a cursor.",
  });
}
