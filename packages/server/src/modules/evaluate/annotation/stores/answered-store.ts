import { and, asc, eq, gt, gte, inArray, ne } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { annotationAdjudications, annotationAnswers, annotationItems, annotationWork } from "./schema.ts";

type Page = { readonly limit: number; readonly after: string };

const { id, queueId, projectId, source, content, preview, metadata, isGold, gold, tolerance, status, answered } =
  annotationItems;

/** Items of a queue with the answers that count, for reports on the whole queue. Ordered by id. */
export const createAnsweredStore = (db: Postgres) => ({
  /** The content of items that were not removed. */
  listContents: (project: string, queue: string, { limit, after }: Page) =>
    db
      .select({ itemId: id, source, content, preview, isGold, gold })
      .from(annotationItems)
      .where(and(eq(projectId, project), eq(queueId, queue), ne(status, "removed"), gt(id, after)))
      .orderBy(asc(id))
      .limit(limit),

  /** Facts about items with at least this many answers, without their content. */
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

  /** Reviewers' decisions, with an item's newest last. */
  listAdjudications: (itemIds: readonly string[]) =>
    db
      .select()
      .from(annotationAdjudications)
      .where(inArray(annotationAdjudications.itemId, [...itemIds]))
      .orderBy(asc(annotationAdjudications.version)),
});
