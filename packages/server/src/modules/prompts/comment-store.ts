import { and, asc, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { promptComments } from "./schema.ts";

export type CommentRow = typeof promptComments.$inferSelect;

export const createCommentStore = (db: Postgres) => {
  const one = (projectId: string, commentId: string) =>
    and(eq(promptComments.projectId, projectId), eq(promptComments.id, commentId));

  return {
    /** Oldest first, those after a time and id. */
    list(
      projectId: string,
      { promptId, version }: { promptId: string; version: number | undefined },
      { limit, after }: { limit: number; after: readonly [string, string] | null },
    ): Promise<CommentRow[]> {
      const { createdAt, id } = promptComments;
      return db
        .select()
        .from(promptComments)
        .where(
          and(
            eq(promptComments.projectId, projectId),
            eq(promptComments.promptId, promptId),
            version === undefined ? undefined : eq(promptComments.version, version),
            after ? sql`(${createdAt}, ${id}) > (${after[0]}::timestamptz, ${after[1]})` : undefined,
          ),
        )
        .orderBy(asc(createdAt), asc(id))
        .limit(limit);
    },

    async find(projectId: string, commentId: string): Promise<CommentRow | undefined> {
      const [row] = await db.select().from(promptComments).where(one(projectId, commentId));
      return row;
    },

    async create(row: CommentRow): Promise<void> {
      await db.insert(promptComments).values(row);
    },

    async update(projectId: string, commentId: string, changes: Pick<CommentRow, "text" | "editedAt">) {
      const [row] = await db.update(promptComments).set(changes).where(one(projectId, commentId)).returning();
      return row;
    },

    async delete(projectId: string, commentId: string): Promise<void> {
      await db.delete(promptComments).where(one(projectId, commentId));
    },
  };
};
