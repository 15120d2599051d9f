import type { IssueComment } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { About, CommentEntry } from "../../system/comments/index.ts";
import type { IssuesDeps } from "./stores/deps.ts";
import type { IssueRow } from "./stores/issue-store.ts";

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
    const about = aboutOf(await find(scope, issueId));
    return toComment(await comments.create(scope, { kind: KIND, id: issueId, part: "" }, { text, about }));
  },

  async update(scope: Scope, issueId: string, change: { commentId: string; text: string }): Promise<IssueComment> {
    const about = aboutOf(await find(scope, issueId));
    return toComment(await comments.update(scope, KIND, { ...change, aboutOf: async () => about }));
  },

  async delete(scope: Scope, issueId: string, commentId: string): Promise<void> {
    await find(scope, issueId);
    await comments.delete(scope, KIND, commentId);
  },
});

const aboutOf = ({ id, title }: Pick<IssueRow, "id" | "title">): About => ({
  label: `the issue ${title}`,
  path: `/issues/${id}`,
});

const toComment = ({ commentId, text, author, isOwn, createdAt, editedAt }: CommentEntry): IssueComment => ({
  commentId,
  text,
  author,
  isOwn,
  createdAt,
  editedAt,
});
