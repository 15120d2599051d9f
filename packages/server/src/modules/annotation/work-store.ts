import { and, asc, eq, gt, inArray } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { annotationItems, annotationWork } from "./schema.ts";

export type WorkRow = typeof annotationWork.$inferSelect;
export type ItemRow = typeof annotationItems.$inferSelect;
export type Held = { readonly work: WorkRow; readonly item: ItemRow };
/** Items and the people they are before, or who have done with them. */
export const createWorkStore = (db: Postgres) => ({
  async find(projectId: string, leaseId: string): Promise<WorkRow | undefined> {
    const [row] = await db
      .select()
      .from(annotationWork)
      .where(and(eq(annotationWork.projectId, projectId), eq(annotationWork.leaseId, leaseId)));
    return row;
  },

  /** What a person holds in a queue, the oldest first. */
  listHeld: (queueId: string, annotator: string, now: Date): Promise<Pick<WorkRow, "leaseId">[]> =>
    db
      .select({ leaseId: annotationWork.leaseId })
      .from(annotationWork)
      .where(
        and(
          eq(annotationWork.queueId, queueId),
          eq(annotationWork.annotator, annotator),
          eq(annotationWork.state, "leased"),
          gt(annotationWork.expiresAt, now),
        ),
      )
      .orderBy(asc(annotationWork.updatedAt), asc(annotationWork.leaseId)),

  /** Leases with their items, in no order. */
  listWithItems: (leaseIds: readonly string[]): Promise<Held[]> =>
    db
      .select({ work: annotationWork, item: annotationItems })
      .from(annotationWork)
      .innerJoin(annotationItems, eq(annotationItems.id, annotationWork.itemId))
      .where(inArray(annotationWork.leaseId, [...leaseIds])),

  async update(
    { itemId, annotator }: Pick<WorkRow, "itemId" | "annotator">,
    changes: Partial<Pick<WorkRow, "state" | "draft" | "answerId" | "expiresAt" | "updatedAt" | "leaseId">>,
  ): Promise<void> {
    await db
      .update(annotationWork)
      .set(changes)
      .where(and(eq(annotationWork.itemId, itemId), eq(annotationWork.annotator, annotator)));
  },

  /** Keeps one's leases for longer; gives those that were still one's own. */
  extend: (
    { projectId, annotator }: { projectId: string; annotator: string },
    leaseIds: readonly string[],
    { now, expiresAt }: { now: Date; expiresAt: Date },
  ): Promise<{ leaseId: string }[]> =>
    leaseIds.length === 0
      ? Promise.resolve([])
      : db
          .update(annotationWork)
          .set({ expiresAt, updatedAt: now })
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
