import type { IssueComment } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { CommentEntry } from "../../system/comments/index.ts";
import type { IssuesDeps } from "./deps.ts";
import type { IssueRow } from "./issue-store.ts";

const KIND = "issue";
type Find = (scope: Scope, issueId: string) => Promise<IssueRow>;

/** What people say about issues. */
export const createIssueComments = ({ comments }: Pick<IssuesDeps, "comments">, find: Find) => ({
  async list(scope: Scope, issueId: string, page: { limit: number; cursor?: string | undefined }) {
    const { id } = await find(scope, issueId);
    const { items, nextCursor } = await comments.list(scope, { kind: KIND, id }, page);
    return { items: items.map(toComment), nextCursor };
  },

  async create(scope: Scope, issueId: string, text: string): Promise<IssueComment> {
    const { id } = await find(scope, issueId);
    return toComment(await comments.create(scope, { kind: KIND, id, part: "" }, text));
  },

  async update(scope: Scope, issueId: string, change: { commentId: string; text: string }): Promise<IssueComment> {
    await find(scope, issueId);
    return toComment(await comments.update(scope, KIND, change));
  },

  async delete(scope: Scope, issueId: string, commentId: string): Promise<void> {
    await find(scope, issueId);
    await comments.delete(scope, KIND, commentId);
  },
});

const toComment = ({ commentId, text, author, isOwn, createdAt, editedAt }: CommentEntry): IssueComment => ({
  commentId,
  text,
  author,
  isOwn,
  createdAt,
  editedAt,
});
