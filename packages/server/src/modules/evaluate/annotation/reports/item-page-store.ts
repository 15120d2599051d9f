import type { AnnotationItemStatus } from "@treadle/contract";
import { and, asc, eq, exists, gt, ilike, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { annotationItems, annotationWork } from "../stores/schema.ts";
import type { ItemRow } from "../stores/work-store.ts";

export type ItemFilter = {
  readonly status?: AnnotationItemStatus | undefined;
  readonly gold: "only" | "without" | "any";
  readonly annotator?: string | undefined;
  readonly search: string;
};

const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");

/** Pages of a queue's items, for those who run it. */
export const createItemPageStore = (db: Postgres) => ({
  /** In the order of their ids, those after one. */
  list(
    queueId: string,
    { status, gold, annotator, search }: ItemFilter,
    { limit, after }: { limit: number; after: string },
  ): Promise<ItemRow[]> {
    const answeredBy = db
      .select({ one: sql`1` })
      .from(annotationWork)
      .where(
        and(
          eq(annotationWork.itemId, annotationItems.id),
          eq(annotationWork.annotator, annotator ?? ""),
          inArray(annotationWork.state, ["submitted", "discarded", "flagged", "skipped"]),
        ),
      );
    return db
      .select()
      .from(annotationItems)
      .where(
        and(
          eq(annotationItems.queueId, queueId),
          gt(annotationItems.id, after),
          status === undefined ? undefined : eq(annotationItems.status, status),
          gold === "any" ? undefined : eq(annotationItems.isGold, gold === "only"),
          annotator === undefined ? undefined : exists(answeredBy),
          search === "" ? undefined : ilike(annotationItems.preview, `%${literally(search)}%`),
        ),
      )
      .orderBy(asc(annotationItems.id))
      .limit(limit);
  },
});
