import type {
  ParsedOf,
  questionSetsApi,
  RetrievalQuestionSet,
  RetrievalQuestionSetInput,
  RetrievalQuestionSetPatch,
} from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { RetrievalDeps } from "../stores/deps.ts";
import { createQuestionStore } from "../stores/question-store.ts";
import { createRunStore } from "../stores/run-store.ts";
import { createSetStore, type SetCounts, type SetRow } from "../stores/set-store.ts";
import { cancelJob } from "./cancel-job.ts";
import { findSet } from "./find-set.ts";
import { createReadJudgements } from "./read-judgements.ts";

type Query = ParsedOf<(typeof questionSetsApi)["GET /api/v1/knowledge/:knowledgeBaseId/question-sets"]>["query"];

const MOST_SETS = 200;

export const createQuestionSets = (deps: RetrievalDeps) => ({
  ...createReads(deps),
  ...createCreation(deps),
  ...createChanges(deps),
});

function createReads({ db, knowledge }: RetrievalDeps) {
  return {
    async listSets(scope: Scope, baseId: string, { limit, cursor }: Query) {
      await knowledge.get(scope, baseId);
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const store = createSetStore(db);
      const rows = await store.list(baseId, { limit: limit + 1, before });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const counts = await store.countsOf(page.items.map(({ id }) => id));
      return { ...page, items: page.items.map((row) => presentSet(row, counts.get(row.id))) };
    },

    getSet: async (scope: Scope, setId: string): Promise<RetrievalQuestionSet> => getSet(db, scope, setId),
  };
}

function createCreation(deps: RetrievalDeps) {
  const { db, knowledge, audit, clock } = deps;
  return {
    async createSet(
      scope: Scope,
      baseId: string,
      { questions, ...input }: RetrievalQuestionSetInput,
    ): Promise<RetrievalQuestionSet> {
      const base = await knowledge.get(scope, baseId);
      const read = await createReadJudgements(deps, { scope, baseId }).readQuestions(questions);
      const now = new Date(clock.now());
      const id = newId("qset", now.getTime());
      const made = { createdBy: scope.actor, createdAt: now, updatedAt: now };
      await db.transaction(async (tx) => {
        const store = createSetStore(tx);
        if (await store.isNameTaken(baseId, input.name)) throw nameTaken(input.name);
        if ((await store.countSets(baseId)) >= MOST_SETS) throw tooManySets();
        await store.create({ id, projectId: scope.projectId, baseId, ...input, ...made });
        await createQuestionStore(tx).put(id, read);
        const details = { name: input.name, knowledgeBase: base.name, questions: read.length };
        await audit.record(scope, { action: "question-set.create", target: id, details }, tx);
      });
      return getSet(db, scope, id);
    },
  };
}

function createChanges(deps: RetrievalDeps) {
  const { db, audit, clock } = deps;
  return {
    async updateSet(scope: Scope, setId: string, patch: RetrievalQuestionSetPatch): Promise<RetrievalQuestionSet> {
      const row = await findSet(db, scope, setId);
      await db.transaction(async (tx) => {
        const store = createSetStore(tx);
        const { name = row.name } = patch;
        if (name !== row.name && (await store.isNameTaken(row.baseId, name))) throw nameTaken(name);
        await store.update(scope.projectId, setId, { ...patch, updatedAt: new Date(clock.now()) });
        const details = { name, fields: Object.keys(patch) };
        await audit.record(scope, { action: "question-set.update", target: setId, details }, tx);
      });
      return getSet(db, scope, setId);
    },

    /** With its questions and runs. Active runs are canceled. */
    async deleteSet(scope: Scope, setId: string): Promise<void> {
      const runs = await createRunStore(db).listUnfinished((await findSet(db, scope, setId)).id);
      const row = await createSetStore(db).delete(scope.projectId, setId);
      if (!row) throw notFound("question set", setId);
      for (const { jobId } of runs) await cancelJob(deps, scope, jobId);
      await audit.record(scope, { action: "question-set.delete", target: setId, details: { name: row.name } });
    },
  };
}

/** Throws `not_found`. */
export async function getSet(db: Postgres, scope: Scope, setId: string): Promise<RetrievalQuestionSet> {
  const row = await findSet(db, scope, setId);
  return presentSet(row, (await createSetStore(db).countsOf([setId])).get(setId));
}

const presentSet = (
  { id, projectId: _, baseId, createdAt, updatedAt, ...row }: SetRow,
  { questions, unanswerable }: SetCounts = { questions: 0, unanswerable: 0 },
): RetrievalQuestionSet => ({
  questionSetId: id,
  knowledgeBaseId: baseId,
  ...row,
  questions,
  unanswerable,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

const nameTaken = (name: string) =>
  new AppError("conflict", {
    message: `The knowledge base has a question set named "${name}" already. Choose another name.`,
  });

const tooManySets = () =>
  new AppError("unprocessable", {
    message: `A knowledge base has at most ${MOST_SETS} question sets. Delete one first.`,
  });
