import type { AnnotationValues } from "@treadle/contract";
import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { AnswerRow } from "../answer-store.ts";
import { annotationAdjudications, annotationAnswers, annotationItems, annotationWork } from "../schema.ts";
import type { ItemRow } from "../work-store.ts";

/** An item with the answers that count. */
export type AnsweredItem = Pick<ItemRow, "id" | "metadata" | "isGold" | "gold" | "tolerance" | "status"> & {
  /** As a reviewer settled it; null when nobody has. */
  readonly settled: AnnotationValues | null;
  readonly answers: readonly Pick<AnswerRow, "annotator" | "answers" | "order" | "msActive" | "itemId">[];
};

const BATCH = 500;

/** Items in the order of their ids with what was submitted to them. */
export const createAnsweredStore = (db: Postgres) => {
  async function listSettled(itemIds: readonly string[]): Promise<ReadonlyMap<string, AnnotationValues>> {
    const { itemId, version, answers } = annotationAdjudications;
    const rows = await db
      .select({ itemId, answers })
      .from(annotationAdjudications)
      .where(inArray(itemId, [...itemIds]))
      .orderBy(asc(itemId), asc(version));
    return new Map(rows.map((row) => [row.itemId, row.answers]));
  }

  function listSubmitted(itemIds: readonly string[]) {
    const { itemId, annotator, answers, order, msActive } = annotationAnswers;
    return db
      .select({ itemId, annotator, answers, order, msActive })
      .from(annotationAnswers)
      .innerJoin(
        annotationWork,
        and(
          eq(annotationWork.itemId, itemId),
          eq(annotationWork.annotator, annotator),
          eq(annotationWork.answerId, annotationAnswers.id),
        ),
      )
      .where(and(inArray(itemId, [...itemIds]), eq(annotationWork.state, "submitted")));
  }

  return {
    /** Those with at least so many answers, some hundred at a time, so that nobody waits for all of them. */
    async *read(queueId: string, { fewest }: { fewest: number }): AsyncGenerator<AnsweredItem, void, void> {
      const { id, metadata, isGold, gold, tolerance, status } = annotationItems;
      for (let after = ""; ; ) {
        const items = await db
          .select({ id, metadata, isGold, gold, tolerance, status })
          .from(annotationItems)
          .where(
            and(eq(annotationItems.queueId, queueId), gt(id, after), sql`${annotationItems.answered} >= ${fewest}`),
          )
          .orderBy(asc(id))
          .limit(BATCH);
        const ids = items.map((item) => item.id);
        const last = ids.at(-1);
        if (last === undefined) return;
        after = last;
        const settled = await listSettled(ids);
        const answers = Map.groupBy(await listSubmitted(ids), ({ itemId }) => itemId);
        for (const item of items)
          yield { ...item, settled: settled.get(item.id) ?? null, answers: answers.get(item.id) ?? [] };
      }
    },
  };
};
