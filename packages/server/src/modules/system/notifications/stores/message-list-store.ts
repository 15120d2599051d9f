import type { MessageState, NotificationMessage } from "@treadle/contract";
import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { isMessage, type MessageRow } from "./message-store.ts";
import { channels, messageNotices, messages } from "./schema.ts";

type Page = {
  readonly limit: number;
  readonly after: readonly [createdAt: string, id: string] | null;
  readonly state?: MessageState | undefined;
  readonly channelId?: string | undefined;
};

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

/** Messages as people see them. */
export const createMessageListStore = (db: Postgres) => {
  const shown = () => db.select(SHOWN).from(messages).innerJoin(channels, eq(channels.id, messages.channelId));
  return {
    async find(projectId: string, messageId: string): Promise<NotificationMessage | undefined> {
      const [row] = await shown().where(isMessage(projectId, messageId));
      return row && toMessage(row);
    },
    async list(projectId: string, page: Page): Promise<NotificationMessage[]> {
      const rows = await shown()
        .where(and(eq(messages.projectId, projectId), isOnPage(page)))
        .orderBy(desc(messages.createdAt), desc(messages.id))
        .limit(page.limit);
      return rows.map(toMessage);
    },
    /** The messages of each notice, oldest first. */
    async listByNotice(projectId: string, noticeIds: readonly string[]): Promise<Map<string, NotificationMessage[]>> {
      if (noticeIds.length === 0) return new Map();
      const rows = await db
        .select({ ...SHOWN, noticeId: messageNotices.noticeId })
        .from(messageNotices)
        .innerJoin(messages, eq(messages.id, messageNotices.messageId))
        .innerJoin(channels, eq(channels.id, messages.channelId))
        .where(and(eq(messageNotices.projectId, projectId), inArray(messageNotices.noticeId, [...noticeIds])))
        .orderBy(asc(messages.id));
      const groups = Map.groupBy(rows, ({ noticeId }) => noticeId);
      return new Map([...groups].map(([noticeId, some]) => [noticeId, some.map(toMessage)]));
    },
  };
};

const isOnPage = ({ after, state, channelId }: Page) =>
  and(
    state && eq(messages.state, state),
    channelId === undefined ? undefined : eq(messages.channelId, channelId),
    after ? sql`(${messages.createdAt}, ${messages.id}) < (${after[0]}::timestamptz, ${after[1]})` : undefined,
  );
