import { and, asc, count, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { comments } from "./schema.ts";

export type CommentRow = typeof comments.$inferSelect;
type After = readonly [createdAt: string, id: string];
type Place = { readonly traceId: string; readonly spanId?: string };

export const createCommentStore = (db: Postgres) => {
  const one = (projectId: string, commentId: string) =>
    and(eq(comments.projectId, projectId), eq(comments.id, commentId));
  const on = (projectId: string, { traceId, spanId }: Place) =>
    and(
      eq(comments.projectId, projectId),
      eq(comments.traceId, traceId),
      spanId === undefined ? undefined : eq(comments.spanId, spanId),
    );

  return {
    async list(
      projectId: string,
      place: Place,
      { limit, after }: { limit: number; after: After | null },
    ): Promise<CommentRow[]> {
      const { createdAt, id } = comments;
      const isAfter = after ? sql`(${createdAt}, ${id}) > (${after[0]}::timestamptz, ${after[1]})` : undefined;
      return db
        .select()
        .from(comments)
        .where(and(on(projectId, place), isAfter))
        .orderBy(asc(createdAt), asc(id))
        .limit(limit);
    },

    async countBySpan(projectId: string, traceId: string): Promise<{ spanId: string; count: number }[]> {
      return db
        .select({ spanId: comments.spanId, count: count() })
        .from(comments)
        .where(on(projectId, { traceId }))
        .groupBy(comments.spanId)
        .orderBy(asc(comments.spanId));
    },

    async countByTrace(projectId: string, traceIds: readonly string[]): Promise<{ traceId: string; count: number }[]> {
      return db
        .select({ traceId: comments.traceId, count: count() })
        .from(comments)
        .where(and(eq(comments.projectId, projectId), inArray(comments.traceId, [...traceIds])))
        .groupBy(comments.traceId)
        .orderBy(asc(comments.traceId));
    },

    async find(projectId: string, commentId: string): Promise<CommentRow | undefined> {
      const [row] = await db.select().from(comments).where(one(projectId, commentId));
      return row;
    },

    async create(row: CommentRow): Promise<void> {
      await db.insert(comments).values(row);
    },

    async update(
      projectId: string,
      commentId: string,
      changes: Pick<CommentRow, "text" | "editedAt">,
    ): Promise<CommentRow | undefined> {
      const [row] = await db.update(comments).set(changes).where(one(projectId, commentId)).returning();
      return row;
    },

    async delete(projectId: string, commentId: string): Promise<void> {
      await db.delete(comments).where(one(projectId, commentId));
    },
  };
};
