import { and, asc, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { annotationComments } from "./schema.ts";

export type CommentRow = typeof annotationComments.$inferSelect;
type After = readonly [createdAt: string, id: string] | null;

export const createCommentStore = (db: Postgres) => ({
  /** Oldest first. */
  list: (
    projectId: string,
    itemId: string,
    { limit, after }: { limit: number; after: After },
  ): Promise<CommentRow[]> => {
    const { createdAt, id } = annotationComments;
    return db
      .select()
      .from(annotationComments)
      .where(
        and(
          eq(annotationComments.projectId, projectId),
          eq(annotationComments.itemId, itemId),
          after ? sql`(${createdAt}, ${id}) > (${after[0]}::timestamptz, ${after[1]})` : undefined,
        ),
      )
      .orderBy(asc(createdAt), asc(id))
      .limit(limit);
  },

  async add(row: CommentRow): Promise<void> {
    await db.insert(annotationComments).values(row);
  },
});
