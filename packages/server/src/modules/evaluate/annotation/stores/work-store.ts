import { and, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { annotationItems, annotationWork } from "./schema.ts";

export type WorkRow = typeof annotationWork.$inferSelect;
export type ItemRow = typeof annotationItems.$inferSelect;
/** A leased item, with the content that the person can see. */
export type Held = {
  readonly work: Pick<WorkRow, "leaseId" | "seed" | "expiresAt" | "draft">;
  readonly item: Pick<ItemRow, "id" | "content" | "suggestion" | "source" | "commentCount">;
};
/** The same from a separate statement. */
export type HeldRow = Pick<WorkRow, "leaseId" | "seed" | "draft"> &
  Omit<Held["item"], "id"> & { readonly itemId: string; readonly expiresAt: string };

export const toHeld = ({ leaseId, seed, draft, expiresAt, itemId, ...item }: HeldRow): Held => ({
  work: { leaseId, seed, draft, expiresAt: new Date(expiresAt) },
  item: { id: itemId, ...item },
});

/** Items and the people they are before, or who have done with them. */
export const createWorkStore = (db: Postgres) => ({
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

  /** Extends a person's leases. Returns the leases that were still theirs. */
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
