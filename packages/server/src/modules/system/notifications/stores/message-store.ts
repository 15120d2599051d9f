import { and, arrayOverlaps, desc, eq, gt, inArray, ne, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { messageNotices, messages } from "./schema.ts";

export type MessageRow = typeof messages.$inferSelect;
type Changes = Partial<Pick<MessageRow, "state" | "attempts" | "nextTryAt" | "lastError" | "deliveredAt">>;

export const isMessage = (projectId: string, messageId: string) =>
  and(eq(messages.projectId, projectId), eq(messages.id, messageId));

const isUnsent = and(eq(messages.state, "waiting"), eq(messages.attempts, 0));

/** The messages to channels, as they are planned and settled. */
export const createMessageStore = (db: Postgres) => ({
  ...createPlans(db),
  ...createPlanReads(db),
  ...createCounts(db),
});

const createPlans = (db: Postgres) => ({
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
  takeSubject: (message: MessageRow, subject: string): Promise<string[]> => takeSubject(db, message, subject),
  async update(projectId: string, messageId: string, changes: Changes): Promise<void> {
    await db.update(messages).set(changes).where(isMessage(projectId, messageId));
  },
});

/** Takes the notices about a subject out of a message, oldest first. Deletes a message that is then empty. */
async function takeSubject(db: Postgres, message: MessageRow, subject: string): Promise<string[]> {
  if (!message.subjects.includes(subject)) return [];
  const taken = await db.execute<{ id: string }>(sql`DELETE FROM notification_message_notices mn USING notices n
    WHERE mn.message_id = ${message.id} AND n.id = mn.notice_id AND n.subject_kind || '/' || n.subject_id = ${subject}
    RETURNING n.id`);
  const rest = message.subjects.filter((one) => one !== subject);
  if (rest.length === 0) await db.delete(messages).where(eq(messages.id, message.id));
  else await db.update(messages).set({ subjects: rest }).where(eq(messages.id, message.id));
  return taken.rows.map(({ id }) => id).toSorted();
}

const createPlanReads = (db: Postgres) => ({
  /** The summary of a storm, or the message of a quiet time, that still takes notices. */
  async findCollecting(channelId: string, kind: "summary" | "held", now: Date): Promise<MessageRow | undefined> {
    const isKind = and(eq(messages.channelId, channelId), eq(messages.kind, kind));
    const [row] = await db
      .select()
      .from(messages)
      .where(and(isKind, isUnsent, gt(messages.dueAt, now)))
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
});

const createCounts = (db: Postgres) => ({
  /** How many messages of a channel were due after a time. */
  async countSince(channelId: string, since: Date): Promise<number> {
    const isSent = and(eq(messages.channelId, channelId), ne(messages.state, "skipped"), ne(messages.kind, "held"));
    return db.$count(messages, and(isSent, gt(messages.dueAt, since)));
  },
  /** The channels that got a notice about a subject, or will get it. */
  async listChannelsOf(projectId: string, subject: string): Promise<string[]> {
    const rows = await db
      .selectDistinct({ channelId: messages.channelId })
      .from(messages)
      .where(and(eq(messages.projectId, projectId), arrayOverlaps(messages.subjects, [subject])));
    return rows.map(({ channelId }) => channelId);
  },
});
