import type { MessageState, NotificationMessage } from "@treadle/contract";
import { and, arrayOverlaps, asc, desc, eq, gt, inArray, lte, ne, notInArray, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { NoticeRow } from "./notice-store.ts";
import { channels, messageNotices, messages, notices } from "./schema.ts";

export type MessageRow = typeof messages.$inferSelect;
type Page = {
  readonly limit: number;
  readonly after: readonly [createdAt: string, id: string] | null;
  readonly state?: MessageState | undefined;
  readonly channelId?: string | undefined;
};
type Changes = Partial<Pick<MessageRow, "state" | "attempts" | "nextTryAt" | "lastError" | "deliveredAt">>;

/** The columns of a message as people see it. */
const SHOWN = {
  row: messages,
  channelName: channels.name,
  title: sql<string>`coalesce((SELECT n.title FROM notices n JOIN notification_message_notices mn ON mn.notice_id = n.id
    WHERE mn.message_id = ${messages.id} ORDER BY n.id DESC LIMIT 1), '')`,
  notices: sql<number>`(SELECT count(*) FROM notification_message_notices mn WHERE mn.message_id = ${messages.id})::int`,
};
type Shown = { row: MessageRow; channelName: string; title: string; notices: number };

const toMessage = ({ row, channelName, title, notices: count }: Shown): NotificationMessage => ({
  messageId: row.id,
  channelId: row.channelId,
  channelName,
  reason: row.reason,
  isSummary: count > 1,
  title,
  notices: count,
  state: row.state,
  attempts: row.attempts,
  lastError: row.lastError,
  nextTryAt: row.state === "waiting" ? row.nextTryAt.toISOString() : null,
  createdAt: row.createdAt.toISOString(),
  deliveredAt: row.deliveredAt?.toISOString() ?? null,
});

const isOwn = (projectId: string, messageId: string) =>
  and(eq(messages.projectId, projectId), eq(messages.id, messageId));

/** The messages to channels, as they are planned and settled. */
export const createMessageStore = (db: Postgres) => {
  const isOpen = and(eq(messages.state, "waiting"), eq(messages.attempts, 0));
  return {
    async create(row: MessageRow, noticeIds: readonly string[]): Promise<void> {
      await db.insert(messages).values(row);
      const { projectId, id: messageId } = row;
      await db.insert(messageNotices).values(noticeIds.map((noticeId) => ({ projectId, messageId, noticeId })));
    },
    /** Adds notices about one subject to a message that is not sent yet. */
    async add(
      { id, projectId, subjects }: MessageRow,
      { subject, noticeIds }: { readonly subject: string; readonly noticeIds: readonly string[] },
    ): Promise<void> {
      const rows = noticeIds.map((noticeId) => ({ projectId, messageId: id, noticeId }));
      await db.insert(messageNotices).values(rows).onConflictDoNothing();
      const all = [...new Set([...subjects, subject])];
      await db.update(messages).set({ subjects: all }).where(eq(messages.id, id));
    },
    /** The summary of a storm, or the message of a quiet time, that still takes notices. */
    async findCollecting(channelId: string, kind: "summary" | "held", now: Date): Promise<MessageRow | undefined> {
      const isKind = and(eq(messages.channelId, channelId), eq(messages.kind, kind));
      const [row] = await db
        .select()
        .from(messages)
        .where(and(isKind, isOpen, gt(messages.dueAt, now)))
        .limit(1);
      return row;
    },
    /** The newest message of a group that was due after a time. */
    async findLast(channelId: string, group: string, since: Date): Promise<MessageRow | undefined> {
      const isGroup = and(eq(messages.channelId, channelId), eq(messages.group, group));
      const isGrouped = inArray(messages.kind, ["single", "combined"]);
      const [row] = await db
        .select()
        .from(messages)
        .where(and(isGroup, isGrouped, gt(messages.dueAt, since), ne(messages.state, "skipped")))
        .orderBy(desc(messages.dueAt))
        .limit(1);
      return row;
    },
    /** How many messages of a channel were due after a time. */
    async countSince(channelId: string, since: Date): Promise<number> {
      const isSent = and(eq(messages.channelId, channelId), ne(messages.state, "skipped"), ne(messages.kind, "held"));
      return db.$count(messages, and(isSent, gt(messages.dueAt, since)));
    },
    /** Takes the notices about a subject out of a message, oldest first. Deletes a message that is then empty. */
    async takeSubject(message: MessageRow, subject: string): Promise<string[]> {
      if (!message.subjects.includes(subject)) return [];
      const taken = await db.execute<{ id: string }>(sql`DELETE FROM notification_message_notices mn USING notices n
        WHERE mn.message_id = ${message.id} AND n.id = mn.notice_id AND n.subject_kind || '/' || n.subject_id = ${subject}
        RETURNING n.id`);
      const rest = message.subjects.filter((one) => one !== subject);
      if (rest.length === 0) await db.delete(messages).where(eq(messages.id, message.id));
      else await db.update(messages).set({ subjects: rest }).where(eq(messages.id, message.id));
      return taken.rows.map(({ id }) => id).toSorted();
    },
    /** The channels that got a notice about a subject, or will get it. */
    async listChannelsOf(projectId: string, subject: string): Promise<string[]> {
      const rows = await db
        .selectDistinct({ channelId: messages.channelId })
        .from(messages)
        .where(and(eq(messages.projectId, projectId), arrayOverlaps(messages.subjects, [subject])));
      return rows.map(({ channelId }) => channelId);
    },
    async update(projectId: string, messageId: string, changes: Changes): Promise<void> {
      await db.update(messages).set(changes).where(isOwn(projectId, messageId));
    },
  };
};

/** Messages as people see them. */
export const createMessageListStore = (db: Postgres) => {
  const shown = () => db.select(SHOWN).from(messages).innerJoin(channels, eq(channels.id, messages.channelId));
  return {
    async find(projectId: string, messageId: string): Promise<NotificationMessage | undefined> {
      const [row] = await shown().where(isOwn(projectId, messageId));
      return row && toMessage(row);
    },
    async list(projectId: string, { limit, after, state, channelId }: Page): Promise<NotificationMessage[]> {
      const isBefore = after
        ? sql`(${messages.createdAt}, ${messages.id}) < (${after[0]}::timestamptz, ${after[1]})`
        : undefined;
      const rows = await shown()
        .where(
          and(
            eq(messages.projectId, projectId),
            state && eq(messages.state, state),
            channelId === undefined ? undefined : eq(messages.channelId, channelId),
            isBefore,
          ),
        )
        .orderBy(desc(messages.createdAt), desc(messages.id))
        .limit(limit);
      return rows.map(toMessage);
    },
    /** The messages of each notice, oldest first. */
    async listByNotice(projectId: string, noticeIds: readonly string[]) {
      if (noticeIds.length === 0) return new Map<string, NotificationMessage[]>();
      const rows = await db
        .select({ ...SHOWN, noticeId: messageNotices.noticeId })
        .from(messageNotices)
        .innerJoin(messages, eq(messages.id, messageNotices.messageId))
        .innerJoin(channels, eq(channels.id, messages.channelId))
        .where(and(eq(messageNotices.projectId, projectId), inArray(messageNotices.noticeId, [...noticeIds])))
        .orderBy(asc(messages.id));
      return Map.groupBy(rows, ({ noticeId }) => noticeId)
        .entries()
        .reduce(
          (all, [noticeId, some]) => all.set(noticeId, some.map(toMessage)),
          new Map<string, NotificationMessage[]>(),
        );
    },
  };
};

/** What the dispatcher reads, over all projects. */
export const createDueStore = (db: Postgres) => ({
  /**
   * Due messages of enabled channels whose receiver did not ask for a pause. A message waits for an earlier one to the same
   * channel about the same subject.
   */
  listDue(now: Date, { limit, except }: { readonly limit: number; readonly except: readonly string[] }) {
    const isFree = or(sql`${channels.pausedUntil} IS NULL`, lte(channels.pausedUntil, now));
    const isBehind = sql`EXISTS (SELECT FROM notification_messages earlier
      WHERE earlier.channel_id = ${messages.channelId} AND earlier.state = 'waiting' AND earlier.kind <> 'held'
        AND earlier.id < ${messages.id} AND earlier.subjects && ${messages.subjects})`;
    return db
      .selectDistinctOn([messages.channelId], { message: messages, channel: channels })
      .from(messages)
      .innerJoin(channels, eq(channels.id, messages.channelId))
      .where(
        and(
          eq(messages.state, "waiting"),
          lte(messages.nextTryAt, now),
          eq(channels.isEnabled, true),
          isFree,
          except.length === 0 ? undefined : notInArray(messages.channelId, [...except]),
          sql`NOT ${isBehind}`,
          sql`EXISTS (SELECT FROM projects WHERE projects.id = ${messages.projectId}
            AND projects.archived_at IS NULL AND projects.deleted_at IS NULL)`,
        ),
      )
      .orderBy(asc(messages.channelId), asc(messages.dueAt), asc(messages.id))
      .limit(limit);
  },
  /** The notices of a message, oldest first. */
  async listNotices(messageId: string): Promise<NoticeRow[]> {
    const rows = await db
      .select({ notice: notices })
      .from(messageNotices)
      .innerJoin(notices, eq(notices.id, messageNotices.noticeId))
      .where(eq(messageNotices.messageId, messageId))
      .orderBy(asc(notices.id));
    return rows.map(({ notice }) => notice);
  },
  /** A channel whose receiver is gone delivers none of its messages. */
  async killWaiting(channelId: string, lastError: string): Promise<void> {
    await db
      .update(messages)
      .set({ state: "dead", lastError })
      .where(and(eq(messages.channelId, channelId), eq(messages.state, "waiting")));
  },
});
