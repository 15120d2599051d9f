import type { Adjudication, AdjudicationInput } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { storableJson, storableText } from "../../experiments/index.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import { checkMayReview } from "../queues/rights.ts";
import { type AdjudicationRow, createAdjudicationStore } from "../stores/adjudication-store.ts";
import { createItemStore } from "../stores/item-store.ts";
import { checkAnswers } from "./check-answers.ts";

type Deps = Pick<AnnotationDeps, "db" | "audit" | "clock" | "namesOf"> & {
  readonly queues: Pick<Queues, "find" | "questionsOf">;
};

export const toAdjudication = (row: AdjudicationRow, names: ReadonlyMap<string, string>): Adjudication => ({
  itemId: row.itemId,
  version: row.version,
  answers: row.answers,
  reason: row.reason,
  by: { actorId: row.createdBy, name: names.get(row.createdBy) ?? row.createdBy },
  createdAt: row.createdAt.toISOString(),
});

/** Settles what the right answers to an item are, unless another reviewer has done so since the caller looked. */
export function createAdjudication({ db, audit, clock, namesOf, queues }: Deps) {
  /** The new version; null when what the caller saw is not the newest any more. */
  async function write(scope: Scope, itemId: string, { answers, reason, seenVersion }: AdjudicationInput) {
    return db.transaction(async (tx) => {
      const item = await createItemStore(tx).hold(scope.projectId, itemId);
      if (!item) throw notFound("annotation item", itemId);
      if (item.adjudicationVersion !== seenVersion) return null;
      const now = new Date(clock.now());
      const row: AdjudicationRow = {
        itemId,
        projectId: scope.projectId,
        version: seenVersion + 1,
        answers: JSON.parse(storableJson(answers)),
        reason: storableText(reason),
        createdBy: scope.actor,
        createdAt: now,
      };
      await createAdjudicationStore(tx).add(row);
      const completedAt = item.completedAt ?? now;
      const changes = { status: "adjudicated" as const, adjudicationVersion: row.version, completedAt };
      await createItemStore(tx).update(scope.projectId, itemId, changes);
      const details = { queueId: item.queueId, version: row.version };
      await audit.record(scope, { action: "annotation-item.adjudicate", target: itemId, details }, tx);
      return row;
    });
  }

  async function wasFaster(scope: Scope, itemId: string): Promise<AppError> {
    const [newest] = await createAdjudicationStore(db).list(itemId);
    if (!newest)
      return new AppError("conflict", {
        message: "This item is not settled yet. Send 0 as `seenVersion`.",
        details: { field: "seenVersion", version: 0, by: null, at: null },
      });
    const { by, version, createdAt } = toAdjudication(newest, await namesOf(scope.projectId, [newest.createdBy]));
    return new AppError("conflict", {
      message: `${by.name} settled this item in the meantime (version ${version}). Review that decision before you change it.`,
      details: { field: "seenVersion", version, by, at: createdAt },
    });
  }

  return async function adjudicate(scope: Scope, itemId: string, input: AdjudicationInput): Promise<Adjudication> {
    const item = await createItemStore(db).find(scope.projectId, itemId);
    if (!item) throw notFound("annotation item", itemId);
    const queue = await queues.find(scope, item.queueId);
    checkMayReview(scope, queue);
    const candidates = item.content.candidates.map(({ id }) => id);
    checkAnswers(await queues.questionsOf(queue), input.answers, { content: item.content, candidates });
    const row = await write(scope, itemId, input);
    if (!row) throw await wasFaster(scope, itemId);
    return toAdjudication(row, await namesOf(scope.projectId, [scope.actor]));
  };
}
