import { desc, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { annotationAdjudications } from "./schema.ts";

export type AdjudicationRow = typeof annotationAdjudications.$inferSelect;

/** Reviewers' decisions. Each is a version, and the newest counts. */
export const createAdjudicationStore = (db: Postgres) => ({
  async add(row: AdjudicationRow): Promise<void> {
    await db.insert(annotationAdjudications).values(row);
  },

  /** Newest first. */
  list: (itemId: string): Promise<AdjudicationRow[]> =>
    db
      .select()
      .from(annotationAdjudications)
      .where(eq(annotationAdjudications.itemId, itemId))
      .orderBy(desc(annotationAdjudications.version)),
});
