import { and, asc, eq, gt, gte, inArray, ne } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { annotationAdjudications, annotationAnswers, annotationItems, annotationWork } from "./schema.ts";

type Page = { readonly limit: number; readonly after: string };

const { id, queueId, projectId, source, content, preview, metadata, isGold, gold, tolerance, status, answered } =
  annotationItems;

/** Items of a queue with the answers that count, for those who make something of the whole. Items stand in the order of their ids. */
export const createAnsweredStore = (db: Postgres) => ({
  /** What is looked at, without items that were taken out. */
  listContents: (project: string, queue: string, { limit, after }: Page) =>
    db
      .select({ itemId: id, source, content, preview, isGold, gold })
      .from(annotationItems)
      .where(and(eq(projectId, project), eq(queueId, queue), ne(status, "removed"), gt(id, after)))
      .orderBy(asc(id))
      .limit(limit),

  /** What is known of items with at least so many answers, without what is looked at. */
  listFacts: (queue: string, fewest: number, { limit, after }: Page) =>
    db
      .select({ id, metadata, isGold, gold, tolerance, status })
      .from(annotationItems)
      .where(and(eq(queueId, queue), gt(id, after), gte(answered, fewest)))
      .orderBy(asc(id))
      .limit(limit),

  /** Submitted ones, each person's last, the oldest first. */
  listAnswers: (itemIds: readonly string[]) =>
    db
      .select({
        answerId: annotationAnswers.id,
        itemId: annotationAnswers.itemId,
        annotator: annotationAnswers.annotator,
        answers: annotationAnswers.answers,
        order: annotationAnswers.order,
        guidelineVersion: annotationAnswers.guidelineVersion,
        msActive: annotationAnswers.msActive,
        createdAt: annotationAnswers.createdAt,
      })
      .from(annotationWork)
      .innerJoin(annotationAnswers, eq(annotationAnswers.id, annotationWork.answerId))
      .where(and(inArray(annotationWork.itemId, [...itemIds]), eq(annotationWork.state, "submitted")))
      .orderBy(asc(annotationAnswers.createdAt), asc(annotationAnswers.id)),

  /** What reviewers settled, the last of each item behind those before it. */
  listAdjudications: (itemIds: readonly string[]) =>
    db
      .select()
      .from(annotationAdjudications)
      .where(inArray(annotationAdjudications.itemId, [...itemIds]))
      .orderBy(asc(annotationAdjudications.version)),
});
