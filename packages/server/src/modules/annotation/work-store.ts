import { and, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { annotationItems, annotationQueues, annotationWork } from "./schema.ts";

export type WorkRow = typeof annotationWork.$inferSelect;
export type ItemRow = typeof annotationItems.$inferSelect;
/** An item before somebody, with as much as they may see. */
export type Held = {
  readonly work: Pick<WorkRow, "leaseId" | "seed" | "expiresAt" | "draft">;
  readonly item: Pick<ItemRow, "id" | "content" | "suggestion" | "source" | "commentCount">;
};

/** Items and the people they are before, or who have done with them. */
export const createWorkStore = (db: Postgres) => ({
  async findWithQueue(projectId: string, leaseId: string) {
    const [row] = await db
      .select({ work: annotationWork, queue: annotationQueues })
      .from(annotationWork)
      .innerJoin(annotationQueues, eq(annotationQueues.id, annotationWork.queueId))
      .where(and(eq(annotationWork.projectId, projectId), eq(annotationWork.leaseId, leaseId)))
      .prepare("annotation_lease")
      .execute();
    return row;
  },

  /** Leases with their items, in no order. */
  listWithItems(leaseIds: readonly string[]): Promise<Held[]> {
    const { leaseId, seed, expiresAt, draft } = annotationWork;
    const { id, content, suggestion, source, commentCount } = annotationItems;
    return db
      .select({ work: { leaseId, seed, expiresAt, draft }, item: { id, content, suggestion, source, commentCount } })
      .from(annotationWork)
      .innerJoin(annotationItems, eq(annotationItems.id, annotationWork.itemId))
      .where(sql`${annotationWork.leaseId} = ANY(${sql.param([...leaseIds])})`)
      .prepare("annotation_leased_items")
      .execute();
  },

  async keepDraft(
    leaseId: string,
    { draft, expiresAt, updatedAt }: Pick<WorkRow, "draft" | "expiresAt" | "updatedAt">,
  ): Promise<void> {
    await db.update(annotationWork).set({ draft, expiresAt, updatedAt }).where(eq(annotationWork.leaseId, leaseId));
  },

  /** Keeps one's leases for longer; gives those that were still one's own. */
  extend: (
    { projectId, annotator }: { projectId: string; annotator: string },
    leaseIds: readonly string[],
    expiresAt: Date,
  ): Promise<{ leaseId: string }[]> =>
    db
      .update(annotationWork)
      .set({ expiresAt })
      .where(
        and(
          inArray(annotationWork.leaseId, [...leaseIds]),
          eq(annotationWork.projectId, projectId),
          eq(annotationWork.annotator, annotator),
          eq(annotationWork.state, "leased"),
        ),
      )
      .returning({ leaseId: annotationWork.leaseId }),
});
