import { and, asc, eq, gt, inArray, ne } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { annotationAdjudications, annotationAnswers, annotationItems, annotationWork } from "../schema.ts";

const { id, queueId, projectId, source, content, preview, isGold, gold, adjudicationVersion } = annotationItems;
const OF_ITEM = { itemId: id, source, content, preview, isGold, gold, adjudicationVersion };

/** Items of a queue with the answers that count, for those who make something of the whole. */
export const createAnsweredStore = (db: Postgres) => ({
  /** In the order of their ids, behind one; without those that were taken out. */
  listItems: (project: string, queue: string, { limit, after }: { limit: number; after: string }) =>
    db
      .select(OF_ITEM)
      .from(annotationItems)
      .where(and(eq(projectId, project), eq(queueId, queue), ne(annotationItems.status, "removed"), gt(id, after)))
      .orderBy(asc(id))
      .limit(limit),

  /** Submitted ones, each person's last. */
  listAnswers: (itemIds: readonly string[]) =>
    db
      .select({
        answerId: annotationAnswers.id,
        itemId: annotationAnswers.itemId,
        annotator: annotationAnswers.annotator,
        answers: annotationAnswers.answers,
        order: annotationAnswers.order,
        guidelineVersion: annotationAnswers.guidelineVersion,
        createdAt: annotationAnswers.createdAt,
      })
      .from(annotationWork)
      .innerJoin(annotationAnswers, eq(annotationAnswers.id, annotationWork.answerId))
      .where(
        and(
          inArray(annotationWork.itemId, [...itemIds]),
          eq(annotationWork.state, "submitted"),
          eq(annotationAnswers.status, "submitted"),
        ),
      )
      .orderBy(asc(annotationAnswers.createdAt), asc(annotationAnswers.id)),

  listAdjudications: (itemIds: readonly string[]) =>
    db
      .select()
      .from(annotationAdjudications)
      .where(inArray(annotationAdjudications.itemId, [...itemIds]))
      .orderBy(asc(annotationAdjudications.version)),
});
