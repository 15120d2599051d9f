import type { AnnotationQuestion, Guideline, GuidelineInput, QuestionSet } from "@treadle/contract";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createQueueStore, createVersionStore, type QueueRow } from "../stores/queue-store.ts";
import type { AnnotationDeps } from "./deps.ts";
import { toGuideline, toQuestionSet } from "./present-queue.ts";
import { checkQuestions } from "./questions.ts";

type Deps = Pick<AnnotationDeps, "db" | "audit" | "clock" | "namesOf">;

/** The guideline and questions for annotators. Versions never change. */
export function createQueueVersions(
  { db, audit, clock, namesOf }: Deps,
  find: (scope: Scope, queueId: string) => Promise<QueueRow>,
) {
  const versions = createVersionStore(db);

  return {
    async listGuidelines(scope: Scope, queueId: string): Promise<{ items: Guideline[] }> {
      await find(scope, queueId);
      const rows = await versions.listGuidelines(queueId);
      const names = await namesOf(
        scope.projectId,
        rows.map(({ createdBy }) => createdBy),
      );
      return { items: rows.map((row) => toGuideline(row, names)) };
    },

    async addGuideline(scope: Scope, queueId: string, input: GuidelineInput): Promise<Guideline> {
      const row = await db.transaction(async (tx) => {
        const queue = await createQueueStore(tx).findAndHold(scope.projectId, queueId);
        if (!queue) throw notFound("annotation queue", queueId);
        const at = new Date(clock.now());
        const made = { version: queue.guidelineVersion + 1, createdBy: scope.actor, createdAt: at };
        await createVersionStore(tx).addGuideline({ queueId, ...input, ...made });
        const changes = { guidelineVersion: made.version, updatedAt: at };
        await createQueueStore(tx).update(scope.projectId, queueId, changes);
        const details = { version: made.version };
        await audit.record(scope, { action: "annotation-queue.guideline", target: queueId, details }, tx);
        return { queueId, ...input, ...made };
      });
      return toGuideline(row, await namesOf(scope.projectId, [scope.actor]));
    },

    async listQuestionSets(scope: Scope, queueId: string): Promise<{ items: QuestionSet[] }> {
      await find(scope, queueId);
      const rows = await versions.listQuestionSets(queueId);
      const names = await namesOf(
        scope.projectId,
        rows.map(({ createdBy }) => createdBy),
      );
      return { items: rows.map((row) => toQuestionSet(row, names)) };
    },

    async addQuestions(scope: Scope, queueId: string, questions: AnnotationQuestion[]): Promise<QuestionSet> {
      checkQuestions(questions);
      const row = await db.transaction(async (tx) => {
        const queue = await createQueueStore(tx).findAndHold(scope.projectId, queueId);
        if (!queue) throw notFound("annotation queue", queueId);
        const at = new Date(clock.now());
        const made = { version: queue.questionsVersion + 1, createdBy: scope.actor, createdAt: at };
        await createVersionStore(tx).addQuestions({ queueId, questions, ...made });
        const changes = { questionsVersion: made.version, updatedAt: at };
        await createQueueStore(tx).update(scope.projectId, queueId, changes);
        const details = { version: made.version };
        await audit.record(scope, { action: "annotation-queue.questions", target: queueId, details }, tx);
        return { queueId, questions, ...made };
      });
      return toQuestionSet(row, await namesOf(scope.projectId, [scope.actor]));
    },
  };
}
