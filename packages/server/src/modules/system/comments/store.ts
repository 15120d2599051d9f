import { and, asc, count, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { comments, type SubjectKind } from "./schema.ts";

export type { SubjectKind } from "./schema.ts";
export type CommentRow = typeof comments.$inferSelect;
/** What is commented on; without a part, all of its parts. */
export type Subject = { readonly kind: SubjectKind; readonly id: string; readonly part?: string | undefined };
type Page = { readonly limit: number; readonly after: readonly [createdAt: string, id: string] | null };
type Named = { readonly kind: SubjectKind; readonly commentId: string };

export const createCommentStore = (db: Postgres) => {
  const one = (projectId: string, { kind, commentId }: Named) =>
    and(eq(comments.projectId, projectId), eq(comments.subjectKind, kind), eq(comments.id, commentId));
  const on = (projectId: string, { kind, id, part }: Subject) =>
    and(
      eq(comments.projectId, projectId),
      eq(comments.subjectKind, kind),
      eq(comments.subjectId, id),
      part === undefined ? undefined : eq(comments.part, part),
    );

  return {
    /** Oldest first, the comments after a time and id. */
    list(projectId: string, subject: Subject, { limit, after }: Page): Promise<CommentRow[]> {
      const { createdAt, id } = comments;
      const isAfter = after ? sql`(${createdAt}, ${id}) > (${after[0]}::timestamptz, ${after[1]})` : undefined;
      return db
        .select()
        .from(comments)
        .where(and(on(projectId, subject), isAfter))
        .orderBy(asc(createdAt), asc(id))
        .limit(limit);
    },

    countByPart: (projectId: string, subject: Subject): Promise<{ part: string; count: number }[]> =>
      db
        .select({ part: comments.part, count: count() })
        .from(comments)
        .where(on(projectId, subject))
        .groupBy(comments.part)
        .orderBy(asc(comments.part)),

    countBySubject: (projectId: string, kind: SubjectKind, ids: readonly string[]) =>
      db
        .select({ id: comments.subjectId, count: count() })
        .from(comments)
        .where(
          and(eq(comments.projectId, projectId), eq(comments.subjectKind, kind), inArray(comments.subjectId, [...ids])),
        )
        .groupBy(comments.subjectId)
        .orderBy(asc(comments.subjectId)),

    async find(projectId: string, named: Named): Promise<CommentRow | undefined> {
      const [row] = await db.select().from(comments).where(one(projectId, named));
      return row;
    },

    async create(row: CommentRow): Promise<void> {
      await db.insert(comments).values(row);
    },

    async update(projectId: string, named: Named, changes: Pick<CommentRow, "text" | "editedAt">) {
      const [row] = await db.update(comments).set(changes).where(one(projectId, named)).returning();
      return row;
    },

    async delete(projectId: string, named: Named): Promise<void> {
      await db.delete(comments).where(one(projectId, named));
    },

    async deleteOn(projectId: string, subject: Subject): Promise<void> {
      await db.delete(comments).where(on(projectId, subject));
    },
  };
};
