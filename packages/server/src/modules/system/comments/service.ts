import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../audit/index.ts";
import type { Mentioned } from "../notifications/index.ts";
import { findMentions, type Mentionable } from "./find-mentions.ts";
import { type CommentRow, createCommentStore, type Subject, type SubjectKind } from "./store.ts";

export type CommentsDeps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  /** The names of people and API keys by their ids; deleted ones have none. */
  namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
  membersOf(projectId: string): Promise<readonly Mentionable[]>;
  /** Puts a mention into a member's inbox. */
  readonly mention: Mentioned;
};

/** The subject of a comment, for people: `a trace`, and its page. */
export type About = { readonly label: string; readonly path: string };
/** A comment's text, and where mentioned people read it. */
type Written = { readonly text: string; readonly about: About };

/** A comment as a reader sees it. */
export type CommentEntry = {
  readonly commentId: string;
  readonly subjectId: string;
  readonly part: string;
  readonly text: string;
  readonly author: { readonly actorId: string; readonly name: string };
  readonly isOwn: boolean;
  readonly createdAt: string;
  readonly editedAt: string | null;
};
type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** What people say about traces, prompts and their parts. Whether the subject exists is for its module to check. */
export function createComments(deps: CommentsDeps) {
  const { db, audit, clock, namesOf } = deps;
  const store = createCommentStore(db);
  const mentions = createMentions(deps);

  async function present(scope: Scope, rows: readonly CommentRow[]): Promise<CommentEntry[]> {
    const authors = rows.map(({ createdBy }) => createdBy);
    const names = await namesOf(scope.projectId, authors);
    return rows.map((row) => toEntry(scope, row, names));
  }
  const presentOne = async (scope: Scope, row: CommentRow): Promise<CommentEntry> =>
    toEntry(scope, row, await namesOf(scope.projectId, [row.createdBy]));

  /** The comment, when the caller may change it. */
  async function take(scope: Scope, kind: SubjectKind, { commentId, isAllowed }: Take): Promise<CommentRow> {
    const row = await store.find(scope.projectId, { kind, commentId });
    if (!row) throw notFound("comment", commentId);
    if (!isAllowed(row))
      throw new AppError("forbidden", {
        message: "You can only change your own comments. Reply to this comment instead.",
      });
    return row;
  }
  const isAuthor = (scope: Scope) => (row: CommentRow) => row.createdBy === scope.actor;

  return {
    async list(scope: Scope, subject: Subject, { limit, cursor }: Page) {
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, subject, { limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { items: await present(scope, items), nextCursor };
    },

    countByPart: (scope: Scope, subject: Subject) => store.countByPart(scope.projectId, subject),
    countBySubject: (scope: Scope, kind: SubjectKind, ids: readonly string[]) =>
      store.countBySubject(scope.projectId, kind, ids),

    async create(scope: Scope, { kind, id, part = "" }: Subject, { text, about }: Written): Promise<CommentEntry> {
      const now = clock.now();
      const place = { projectId: scope.projectId, subjectKind: kind, subjectId: id, part };
      const by = { createdBy: scope.actor, createdAt: new Date(now), editedAt: null };
      const row = { id: newId("comment", now), ...place, text, ...by };
      const found = await mentions.find(scope, { text, before: "" });
      await db.transaction(async (tx) => {
        await createCommentStore(tx).create(row);
        await mentions.send(tx, scope, { ...found, commentId: row.id, text, about });
        await audit.record(scope, { action: "comment.create", target: row.id, details: placeOf(row) }, tx);
      });
      return presentOne(scope, row);
    },

    /** People whom the new text mentions for the first time are told. */
    async update(scope: Scope, kind: SubjectKind, { commentId, text, aboutOf }: Rewritten) {
      const { text: before, subjectId, part } = await take(scope, kind, { commentId, isAllowed: isAuthor(scope) });
      const found = await mentions.find(scope, { text, before });
      const about = found.userIds.length === 0 ? null : await aboutOf(subjectId, part);
      const row = await db.transaction(async (tx) => {
        const changes = { text, editedAt: new Date(clock.now()) };
        const updated = await createCommentStore(tx).update(scope.projectId, { kind, commentId }, changes);
        if (!updated) throw notFound("comment", commentId);
        if (about) await mentions.send(tx, scope, { ...found, commentId, text, about });
        await audit.record(scope, { action: "comment.update", target: commentId, details: placeOf(updated) }, tx);
        return updated;
      });
      return presentOne(scope, row);
    },

    /** Authors delete their own comments. Whoever may change the project's members may delete any comment. */
    async delete(scope: Scope, kind: SubjectKind, commentId: string): Promise<void> {
      const isAllowed = (row: CommentRow) => isAuthor(scope)(row) || scope.permissions.has("members:write");
      const row = await take(scope, kind, { commentId, isAllowed });
      await db.transaction(async (tx) => {
        await createCommentStore(tx).delete(scope.projectId, { kind, commentId });
        const details = { ...placeOf(row), createdBy: row.createdBy };
        await audit.record(scope, { action: "comment.delete", target: commentId, details }, tx);
      });
    },

    /** Within the transaction that deletes the subject. */
    deleteOn: (tx: Postgres, scope: Scope, subject: Subject) =>
      createCommentStore(tx).deleteOn(scope.projectId, subject),
  };
}
export type Comments = ReturnType<typeof createComments>;

type Rewritten = {
  readonly commentId: string;
  readonly text: string;
  aboutOf(subjectId: string, part: string): Promise<About>;
};
type Found = { readonly userIds: readonly string[]; readonly author: string };

const MOST_SHOWN = 500;

/** Tells members that a comment mentions them. */
function createMentions({ namesOf, membersOf, mention }: CommentsDeps) {
  return {
    /** Reads outside of the transaction: the embedded database has one connection. */
    async find(scope: Scope, { text, before }: { readonly text: string; readonly before: string }): Promise<Found> {
      if (!text.includes("@")) return { userIds: [], author: "" };
      const members = await membersOf(scope.projectId);
      const known = new Set([...findMentions(before, members), scope.actor]);
      const userIds = findMentions(text, members).filter((userId) => !known.has(userId));
      const author = (await namesOf(scope.projectId, [scope.actor])).get(scope.actor) ?? scope.actor;
      return { userIds, author };
    },
    async send(tx: Postgres, scope: Scope, { userIds, author, commentId, text, about }: Found & Mentioning) {
      const title = `${author} mentioned you in a comment on ${about.label}`;
      for (const userId of userIds)
        await mention(tx, scope, { userId, key: commentId, title, text: text.slice(0, MOST_SHOWN), path: about.path });
    },
  };
}
type Mentioning = Written & { readonly commentId: string };

type Take = { readonly commentId: string; readonly isAllowed: (row: CommentRow) => boolean };

const placeOf = ({ subjectKind, subjectId, part }: CommentRow) => ({ on: subjectKind, id: subjectId, part });

const toEntry = (scope: Scope, row: CommentRow, names: ReadonlyMap<string, string>): CommentEntry => ({
  commentId: row.id,
  subjectId: row.subjectId,
  part: row.part,
  text: row.text,
  author: { actorId: row.createdBy, name: names.get(row.createdBy) ?? row.createdBy },
  isOwn: row.createdBy === scope.actor,
  createdAt: row.createdAt.toISOString(),
  editedAt: row.editedAt?.toISOString() ?? null,
});
