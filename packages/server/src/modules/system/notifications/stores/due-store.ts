import { and, asc, eq, lte, notInArray, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { NoticeRow } from "./notice-store.ts";
import { channels, messageNotices, messages, notices } from "./schema.ts";

/** What the dispatcher reads, over all projects. */
export const createDueStore = (db: Postgres) => ({
  /** At most one due message of each channel, the earliest. */
  listDue: (now: Date, { limit, except }: { readonly limit: number; readonly except: readonly string[] }) =>
    db
      .selectDistinctOn([messages.channelId], { message: messages, channel: channels })
      .from(messages)
      .innerJoin(channels, eq(channels.id, messages.channelId))
      .where(and(isDue(now), except.length === 0 ? undefined : notInArray(messages.channelId, [...except])))
      .orderBy(asc(messages.channelId), asc(messages.dueAt), asc(messages.id))
      .limit(limit),
  ...createAttemptReads(db),
});

/**
 * Due messages of enabled channels whose receiver did not ask for a pause. A message waits for an earlier one to the same
 * channel about the same subject.
 */
function isDue(now: Date) {
  const isFree = or(sql`${channels.pausedUntil} IS NULL`, lte(channels.pausedUntil, now));
  const isBehind = sql`EXISTS (SELECT FROM notification_messages earlier
    WHERE earlier.channel_id = ${messages.channelId} AND earlier.state = 'waiting' AND earlier.kind <> 'held'
      AND earlier.id < ${messages.id} AND earlier.subjects && ${messages.subjects})`;
  const isOfActiveProject = sql`EXISTS (SELECT FROM projects WHERE projects.id = ${messages.projectId}
    AND projects.archived_at IS NULL AND projects.deleted_at IS NULL)`;
  const isWaiting = and(eq(messages.state, "waiting"), lte(messages.nextTryAt, now));
  return and(isWaiting, eq(channels.isEnabled, true), isFree, sql`NOT ${isBehind}`, isOfActiveProject);
}

const createAttemptReads = (db: Postgres) => ({
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
