import type { AnnotationQueue, AnnotationQueueInput, AnnotationQueuePatch } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createQueueStore, createVersionStore, type QueueRow } from "../stores/queue-store.ts";
import { createRequeueStore } from "../stores/requeue-store.ts";
import type { AnnotationDeps } from "./deps.ts";
import { checkQuestions } from "./questions.ts";

type Deps = Pick<AnnotationDeps, "db" | "audit" | "clock">;
type Shown = {
  find(scope: Scope, queueId: string): Promise<QueueRow>;
  describe(scope: Scope, row: QueueRow): Promise<AnnotationQueue>;
};

const MOST_QUEUES = 1_000;

/** Makes, changes and deletes queues. */
export function createQueueWrites({ db, audit, clock }: Deps, { find, describe }: Shown) {
  const store = createQueueStore(db);

  return {
    async create(scope: Scope, { questions, guideline, ...input }: AnnotationQueueInput): Promise<AnnotationQueue> {
      checkQuestions(questions);
      if ((await store.count(scope.projectId)) >= MOST_QUEUES)
        throw new AppError("unprocessable", {
          message: `A project has at most ${MOST_QUEUES} queues. Delete a queue first.`,
        });
      const now = clock.now();
      const made = { createdBy: scope.actor, createdAt: new Date(now) };
      const row: QueueRow = {
        id: newId("queue", now),
        projectId: scope.projectId,
        ...input,
        dueAt: input.dueAt === null ? null : new Date(input.dueAt),
        questionsVersion: 1,
        guidelineVersion: 1,
        itemsChangedAt: new Date(now),
        ...made,
        updatedAt: new Date(now),
      };
      await db.transaction(async (tx) => {
        if (!(await createQueueStore(tx).create(row))) throw nameTaken(input.name);
        await createVersionStore(tx).addQuestions({ queueId: row.id, version: 1, questions, ...made });
        await createVersionStore(tx).addGuideline({ queueId: row.id, version: 1, ...guideline, ...made });
        const details = { name: input.name };
        await audit.record(scope, { action: "annotation-queue.create", target: row.id, details }, tx);
      });
      return describe(scope, row);
    },

    async update(scope: Scope, queueId: string, { dueAt, ...patch }: AnnotationQueuePatch): Promise<AnnotationQueue> {
      const before = await find(scope, queueId);
      if (patch.name !== undefined && (await store.isNameTaken(scope.projectId, patch.name, queueId)))
        throw nameTaken(patch.name);
      const now = new Date(clock.now());
      const row = await db.transaction(async (tx) => {
        const isMoved = await requeue(tx, { before, next: { ...before, ...given(patch) } }, now);
        const next = await createQueueStore(tx).update(scope.projectId, queueId, {
          ...given(patch),
          ...(dueAt !== undefined && { dueAt: dueAt === null ? null : new Date(dueAt) }),
          ...(isMoved && { itemsChangedAt: now }),
          updatedAt: now,
        });
        if (!next) throw notFound("annotation queue", queueId);
        const details = { ...patch, ...(dueAt !== undefined && { dueAt }) };
        await audit.record(scope, { action: "annotation-queue.update", target: queueId, details }, tx);
        return next;
      });
      return describe(scope, row);
    },

    async delete(scope: Scope, queueId: string): Promise<void> {
      const { name } = await find(scope, queueId);
      await db.transaction(async (tx) => {
        await createQueueStore(tx).delete(scope.projectId, queueId);
        await audit.record(scope, { action: "annotation-queue.delete", target: queueId, details: { name } }, tx);
      });
    },
  };
}

/** Updates items after a change of their queue. Returns whether their status may have changed. */
async function requeue(
  tx: Postgres,
  { before, next }: Record<"before" | "next", QueueRow>,
  now: Date,
): Promise<boolean> {
  const store = createRequeueStore(tx);
  const isSettledAnew = next.overlap !== before.overlap || next.disputeBelow !== before.disputeBelow;
  if (isSettledAnew) await store.settle(next, before, now);
  if (next.order !== before.order) await store.reorder(next);
  return isSettledAnew || next.order !== before.order;
}

const nameTaken = (name: string) =>
  new AppError("conflict", {
    message: `There is already an annotation queue "${name}". Choose another name.`,
    details: { name },
  });

/** Without what is left out. */
const given = <Values extends object>(values: Values): Partial<Values> => {
  const changes = { ...values };
  for (const key of Object.keys(changes))
    if (Reflect.get(changes, key) === undefined) Reflect.deleteProperty(changes, key);
  return changes;
};
