import type { InboxItem } from "@treadle/contract";
import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { inboxItems, inboxMarks, inboxReads } from "./schema.ts";

export type InboxRow = typeof inboxItems.$inferSelect;
/** Whose inbox it is, and whether it shows the notices to all members. */
export type Reader = { readonly userId: string; readonly seesNotices: boolean };
type Page = {
  readonly limit: number;
  readonly after: readonly [at: string, id: string] | null;
  readonly unread: boolean;
};

const MOST_UNREAD = 100;

const isShown = (projectId: string, { userId, seesNotices }: Reader) =>
  and(eq(inboxItems.projectId, projectId), inArray(inboxItems.userId, seesNotices ? [userId, ""] : [userId]));
const isReadBy = (userId: string) =>
  sql<boolean>`(EXISTS (SELECT FROM inbox_reads r WHERE r.item_id = ${inboxItems.id} AND r.user_id = ${userId} AND r.read_at >= ${inboxItems.attentionAt})
    OR EXISTS (SELECT FROM inbox_marks m WHERE m.project_id = ${inboxItems.projectId} AND m.user_id = ${userId} AND m.read_until >= ${inboxItems.attentionAt}))`;

export const createInboxStore = (db: Postgres) => ({
  ...createItems(db),
  ...createItemReads(db),
  ...createReadMarks(db),
});

const createItems = (db: Postgres) => ({
  /** A newer item of the thread replaces the text. It becomes unread only if it needs attention. */
  async put(row: InboxRow, needsAttention: boolean): Promise<void> {
    const { kind, severity, event, title, text, path, at, attentionAt } = row;
    const set = { kind, severity, event, title, text, path, at, ...(needsAttention && { attentionAt }) };
    await db
      .insert(inboxItems)
      .values(row)
      .onConflictDoUpdate({ target: [inboxItems.projectId, inboxItems.userId, inboxItems.thread], set });
  },
  async deleteBefore(at: Date): Promise<void> {
    await db.delete(inboxItems).where(lt(inboxItems.at, at));
  },
});

const createItemReads = (db: Postgres) => ({
  async list(projectId: string, reader: Reader, { limit, after, unread }: Page): Promise<InboxItem[]> {
    const isRead = isReadBy(reader.userId);
    const isBefore = after
      ? sql`(${inboxItems.at}, ${inboxItems.id}) < (${after[0]}::timestamptz, ${after[1]})`
      : undefined;
    const rows = await db
      .select({ row: inboxItems, isRead })
      .from(inboxItems)
      .where(and(isShown(projectId, reader), isBefore, unread ? sql`NOT ${isRead}` : undefined))
      .orderBy(desc(inboxItems.at), desc(inboxItems.id))
      .limit(limit);
    return rows.map(({ row, isRead }) => toItem(row, isRead));
  },
  /** Counts to 100. */
  async countUnread(projectId: string, reader: Reader): Promise<number> {
    const rows = await db
      .select({ id: inboxItems.id })
      .from(inboxItems)
      .where(and(isShown(projectId, reader), sql`NOT ${isReadBy(reader.userId)}`))
      .limit(MOST_UNREAD);
    return rows.length;
  },
});

const createReadMarks = (db: Postgres) => ({
  /** False if the reader has no such item. */
  async markRead(projectId: string, reader: Reader, { itemId, readAt }: { itemId: string; readAt: Date }) {
    const [row] = await db
      .select({ id: inboxItems.id })
      .from(inboxItems)
      .where(and(isShown(projectId, reader), eq(inboxItems.id, itemId)));
    if (!row) return false;
    await db
      .insert(inboxReads)
      .values({ projectId, userId: reader.userId, itemId, readAt })
      .onConflictDoUpdate({ target: [inboxReads.userId, inboxReads.itemId], set: { readAt } });
    return true;
  },
  async markAllRead(projectId: string, userId: string, readUntil: Date): Promise<void> {
    await db
      .insert(inboxMarks)
      .values({ projectId, userId, readUntil })
      .onConflictDoUpdate({ target: [inboxMarks.projectId, inboxMarks.userId], set: { readUntil } });
  },
});

const toItem = (row: InboxRow, isRead: boolean): InboxItem => ({
  itemId: row.id,
  kind: row.kind,
  severity: row.severity,
  event: row.event,
  title: row.title,
  text: row.text,
  path: row.path,
  isRead,
  at: row.at.toISOString(),
});
