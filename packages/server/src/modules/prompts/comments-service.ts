import type { PromptComment } from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../kernel/pages.ts";
import type { Scope } from "../../kernel/scope.ts";
import { type CommentRow, createCommentStore } from "./comment-store.ts";
import { nameOf } from "./content.ts";
import { findPrompt, noVersion, type PromptsDeps } from "./deps.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined; readonly version?: number | undefined };

/** What people say about prompts and their versions. */
export function createPromptComments({ db, audit, clock, namesOf }: PromptsDeps) {
  const store = createCommentStore(db);

  async function one(scope: Scope, row: CommentRow): Promise<PromptComment> {
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
    async list(scope: Scope, name: string, { limit, cursor, version }: Page) {
      const { id: promptId } = await findPrompt(db, scope, name);
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, { promptId, version }, { limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const names = await namesOf(
        scope.projectId,
        items.map(({ createdBy }) => createdBy),
      );
      return { items: items.map((row) => toComment(scope, row, names)), nextCursor };
    },

    async create(scope: Scope, name: string, { version, text }: { version: number | null; text: string }) {
      const prompt = await findPrompt(db, scope, name);
      if (version !== null && version > prompt.latestVersion) throw noVersion(name, version, prompt.latestVersion);
      const now = clock.now();
      const place = { projectId: scope.projectId, promptId: prompt.id, version };
      const by = { createdBy: scope.actor, createdAt: new Date(now), editedAt: null };
      const row = { id: newId("pcomment", now), ...place, text, ...by };
      await db.transaction(async (tx) => {
        await createCommentStore(tx).create(row);
        const details = { name, version };
        await audit.record(scope, { action: "prompt.comment.create", target: row.id, details }, tx);
      });
      return one(scope, row);
    },

    async update(scope: Scope, commentId: string, text: string): Promise<PromptComment> {
      const { version } = await take(scope, commentId, isAuthor(scope));
      const row = await db.transaction(async (tx) => {
        const changes = { text, editedAt: new Date(clock.now()) };
        const updated = await createCommentStore(tx).update(scope.projectId, commentId, changes);
        if (!updated) throw notFound("comment", commentId);
        const event = { action: "prompt.comment.update", target: commentId, details: { version } };
        await audit.record(scope, event, tx);
        return updated;
      });
      return one(scope, row);
    },

    /** One's own; who may change the project's members may delete anybody's. */
    async delete(scope: Scope, commentId: string): Promise<void> {
      const mayDelete = (row: CommentRow) => isAuthor(scope)(row) || scope.permissions.has("members:write");
      const { version, createdBy } = await take(scope, commentId, mayDelete);
      await db.transaction(async (tx) => {
        await createCommentStore(tx).delete(scope.projectId, commentId);
        const event = { action: "prompt.comment.delete", target: commentId, details: { version, createdBy } };
        await audit.record(scope, event, tx);
      });
    },
  };
}

const toComment = (scope: Scope, row: CommentRow, names: ReadonlyMap<string, string>): PromptComment => ({
  commentId: row.id,
  version: row.version,
  text: row.text,
  author: { id: row.createdBy, name: nameOf(names, row.createdBy) },
  isOwn: row.createdBy === scope.actor,
  createdAt: row.createdAt.toISOString(),
  editedAt: row.editedAt?.toISOString() ?? null,
});
