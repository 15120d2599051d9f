import type { AnnotationItemStatus, AnnotationValues } from "@treadle/contract";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { storableJson } from "../../experiments/index.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import { checkMayReview } from "../queues/rights.ts";
import { createAnswerStore } from "../stores/answer-store.ts";
import { createItemStore } from "../stores/item-store.ts";
import { createQueueStore } from "../stores/queue-store.ts";
import { checkAnswers } from "./check-answers.ts";
import { settleItem } from "./settle-item.ts";

type Deps = Pick<AnnotationDeps, "db" | "audit" | "clock"> & { readonly queues: Pick<Queues, "find" | "questionsOf"> };
export type ItemPatch = {
  readonly priority?: number | undefined;
  readonly overlap?: number | undefined;
  readonly status?: "open" | "removed" | undefined;
  readonly gold?: AnnotationValues | null | undefined;
  readonly tolerance?: number | undefined;
};

/** Each person gets a test item once. */
export const GOLD_OVERLAP = 1_000_000;

/** Reviewers' changes of an item in a queue. */
export function createItemChanges({ db, audit, clock, queues }: Deps) {
  return async function change(scope: Scope, itemId: string, patch: ItemPatch) {
    const found = await createItemStore(db).find(scope.projectId, itemId);
    if (!found) throw notFound("annotation item", itemId);
    const queue = await queues.find(scope, found.queueId);
    checkMayReview(scope, queue);
    const questions = await queues.questionsOf(queue);
    const { priority, overlap, status, gold, tolerance } = patch;
    const candidates = found.content.candidates.map(({ id }) => id);
    if (gold) checkAnswers(questions, gold, { content: found.content, candidates });
    const now = new Date(clock.now());
    return db.transaction(async (tx) => {
      const item = await createItemStore(tx).hold(scope.projectId, itemId);
      if (!item) throw notFound("annotation item", itemId);
      const isGold = gold === undefined ? item.isGold : gold !== null;
      const wanted = overlap ?? (item.isGold && !isGold ? queue.overlap : item.overlap);
      const next = { ...item, isGold, overlap: isGold ? GOLD_OVERLAP : wanted };
      const answers = await createAnswerStore(tx).listCurrent(itemId);
      const isAway = (status ?? item.status) === "removed" || (item.status === "flagged" && status === undefined);
      const settled = settleItem({ item: next, queue, questions, answers, now });
      const becomes: AnnotationItemStatus = isAway ? (status === "removed" ? "removed" : item.status) : settled.status;
      await createItemStore(tx).update(scope.projectId, itemId, {
        ...(priority !== undefined && { rank: -priority }),
        ...(tolerance !== undefined && { tolerance }),
        ...(gold !== undefined && { gold: gold === null ? null : JSON.parse(storableJson(gold)) }),
        ...settled,
        isGold,
        overlap: next.overlap,
        status: becomes,
      });
      // People who are further along get it too.
      await createQueueStore(tx).update(scope.projectId, queue.id, { itemsChangedAt: now });
      const details = { queueId: queue.id, priority, overlap, status, isGold };
      await audit.record(scope, { action: "annotation-item.update", target: itemId, details }, tx);
      return { itemId, status: becomes };
    });
  };
}
