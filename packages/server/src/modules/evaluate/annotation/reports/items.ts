import type { AnnotationItem, AnnotationItemRow } from "@treadle/contract";
import { notFound } from "../../../../kernel/errors.ts";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { toAdjudication } from "../answers/adjudicate-item.ts";
import { toAnswer } from "../answers/present-work.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import { checkMayReview } from "../queues/rights.ts";
import { createAdjudicationStore } from "../stores/adjudication-store.ts";
import { createAnswerStore } from "../stores/answer-store.ts";
import { createItemStore } from "../stores/item-store.ts";
import type { ItemRow } from "../stores/work-store.ts";
import { createItemPageStore, type ItemFilter } from "./item-page-store.ts";

type Deps = Pick<AnnotationDeps, "db" | "namesOf"> & { readonly queues: Pick<Queues, "find"> };

/** Items as those who run a queue see them: with where they are from, and who answered what. */
export function createItemReads({ db, namesOf, queues }: Deps) {
  async function describe(scope: Scope, item: ItemRow): Promise<AnnotationItem> {
    const answers = await createAnswerStore(db).listAll(item.id);
    const adjudications = await createAdjudicationStore(db).list(item.id);
    const people = [
      ...answers.map(({ answer }) => answer.annotator),
      ...adjudications.map(({ createdBy }) => createdBy),
    ];
    const names = await namesOf(scope.projectId, people);
    return {
      ...toItemRow(item),
      queueId: item.queueId,
      content: item.content,
      suggestion: item.suggestion,
      gold: item.gold,
      tolerance: item.tolerance,
      answers: answers.map((known) => toAnswer(known, names)),
      adjudications: adjudications.map((row) => toAdjudication(row, names)),
    };
  }

  return {
    describe,

    async list(
      scope: Scope,
      queueId: string,
      { limit, cursor, ...filter }: ItemFilter & { limit: number; cursor?: string | undefined },
    ) {
      checkMayReview(scope, await queues.find(scope, queueId));
      const after = cursor === undefined ? "" : String(fromCursor(cursor, 1)[0]);
      const rows = await createItemPageStore(db).list(queueId, filter, { limit: limit + 1, after });
      const page = toPage(rows, limit, ({ id }) => [id]);
      return { ...page, items: page.items.map(toItemRow) };
    },

    async get(scope: Scope, itemId: string): Promise<AnnotationItem> {
      const item = await createItemStore(db).find(scope.projectId, itemId);
      if (!item) throw notFound("annotation item", itemId);
      checkMayReview(scope, await queues.find(scope, item.queueId));
      return describe(scope, item);
    },
  };
}
export type ItemReads = ReturnType<typeof createItemReads>;

const toItemRow = (row: ItemRow): AnnotationItemRow => ({
  itemId: row.id,
  source: row.source,
  preview: row.preview,
  metadata: row.metadata,
  status: row.status,
  priority: row.rank === 0 ? 0 : -row.rank,
  reason: row.reason,
  overlap: row.isGold ? 0 : row.overlap,
  answered: row.answered,
  held: row.held,
  agreement: row.agreement,
  isGold: row.isGold,
  inclusionProbability: row.inclusionProbability,
  commentCount: row.commentCount,
  adjudicationVersion: row.adjudicationVersion,
  createdAt: row.createdAt.toISOString(),
  completedAt: row.completedAt?.toISOString() ?? null,
});
