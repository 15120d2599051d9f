import { and, desc, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Place } from "./branch-store.ts";
import { datasetReviews } from "./schema.ts";

export type ReviewRow = typeof datasetReviews.$inferSelect;

export const createReviewStore = (db: Postgres) => ({
  async add(row: ReviewRow): Promise<void> {
    await db.insert(datasetReviews).values(row);
  },

  async findLatest({ projectId, datasetId, branch }: Place): Promise<ReviewRow | undefined> {
    const [row] = await db
      .select()
      .from(datasetReviews)
      .where(
        and(
          eq(datasetReviews.projectId, projectId),
          eq(datasetReviews.datasetId, datasetId),
          eq(datasetReviews.branch, branch),
        ),
      )
      .orderBy(desc(datasetReviews.createdAt), desc(datasetReviews.id))
      .limit(1);
    return row;
  },
});
