import type { Comment } from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../kernel/pages.ts";
import type { Scope } from "../../kernel/scope.ts";
import { type CommentRow, createCommentStore } from "./comment-store.ts";
import { type BoardsDeps, nameOf } from "./dashboards-service.ts";

type Place = { readonly traceId: string; readonly spanId?: string };

/** What people say about traces and spans. The trace may still be on its way, so it is not looked for. */
export function createComments({ db, audit, clock, namesOf }: BoardsDeps) {
  const store = createCommentStore(db);

  async function one(scope: Scope, row: CommentRow): Promise<Comment> {
    return toComment(scope, row, await namesOf(scope.projectId, [row.createdBy]));
  }

  /** The comment, when the caller may do that to it. */
  async function take(scope: Scope, commentId: string, isAllowed: (row: CommentRow) => boolean): Promise<CommentRow> {
    const row = await store.find(scope.projectId, commentId);
    if (!row) throw notFound("comment", commentId);
    if (!isAllowed(row))
      throw new AppError("forbidden", { message: "Somebody else wrote this comment. Answer it with one of your own." });
    return row;
  }
  const isAuthor = (scope: Scope) => (row: CommentRow) => row.createdBy === scope.actor;

  return {
    async list(scope: Scope, { limit, cursor, ...place }: Place & { limit: number; cursor?: string }) {
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, place, { limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const names = await namesOf(
        scope.projectId,
        items.map(({ createdBy }) => createdBy),
      );
      const counts = await store.countBySpan(scope.projectId, place.traceId);
      return { items: items.map((row) => toComment(scope, row, names)), nextCursor, counts };
    },

    count: async (scope: Scope, traceIds: readonly string[]) => ({
      items: await store.countByTrace(scope.projectId, traceIds),
    }),

    async create(scope: Scope, { traceId, spanId, text }: Required<Place> & { text: string }): Promise<Comment> {
      const now = clock.now();
      const row = {
        id: newId("comment", now),
        projectId: scope.projectId,
        traceId,
        spanId,
        text,
        createdBy: scope.actor,
        createdAt: new Date(now),
        editedAt: null,
      };
      await db.transaction(async (tx) => {
        await createCommentStore(tx).create(row);
        await audit.record(scope, { action: "comment.create", target: row.id, details: { traceId, spanId } }, tx);
      });
      return one(scope, row);
    },

    async update(scope: Scope, commentId: string, text: string): Promise<Comment> {
      const { traceId, spanId } = await take(scope, commentId, isAuthor(scope));
      const row = await db.transaction(async (tx) => {
        const changes = { text, editedAt: new Date(clock.now()) };
        const updated = await createCommentStore(tx).update(scope.projectId, commentId, changes);
        if (!updated) throw notFound("comment", commentId);
        await audit.record(scope, { action: "comment.update", target: commentId, details: { traceId, spanId } }, tx);
        return updated;
      });
      return one(scope, row);
    },

    /** One's own; who may change the project's members may delete anybody's. */
    async delete(scope: Scope, commentId: string): Promise<void> {
      const mayDelete = (row: CommentRow) => isAuthor(scope)(row) || scope.permissions.has("members:write");
      const { traceId, spanId, createdBy } = await take(scope, commentId, mayDelete);
      await db.transaction(async (tx) => {
        await createCommentStore(tx).delete(scope.projectId, commentId);
        const details = { traceId, spanId, createdBy };
        await audit.record(scope, { action: "comment.delete", target: commentId, details }, tx);
      });
    },
  };
}

const toComment = (scope: Scope, row: CommentRow, names: ReadonlyMap<string, string>): Comment => ({
  id: row.id,
  traceId: row.traceId,
  spanId: row.spanId,
  text: row.text,
  author: { id: row.createdBy, name: nameOf(names, row.createdBy) },
  isOwn: row.createdBy === scope.actor,
  createdAt: row.createdAt.toISOString(),
  editedAt: row.editedAt?.toISOString() ?? null,
});
