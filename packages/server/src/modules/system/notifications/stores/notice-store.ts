import type { NotificationNotice, Severity } from "@treadle/contract";
import { and, asc, desc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { notices } from "./schema.ts";

export type NoticeRow = typeof notices.$inferSelect;
type Page = {
  readonly limit: number;
  readonly after: readonly [createdAt: string, id: string] | null;
  readonly severities: readonly Severity[];
  readonly subjectId?: string | undefined;
};

export const subjectOf = ({ subjectKind, subjectId }: Pick<NoticeRow, "subjectKind" | "subjectId">) =>
  `${subjectKind}/${subjectId}`;

export const toNotice = (row: NoticeRow): NotificationNotice => ({
  noticeId: row.id,
  subjectKind: row.subjectKind,
  subjectId: row.subjectId,
  event: row.event,
  severity: row.severity,
  labels: row.labels,
  title: row.title,
  text: row.text,
  facts: row.facts,
  links: row.links,
  at: row.at.toISOString(),
  createdAt: row.createdAt.toISOString(),
});

export const createNoticeStore = (db: Postgres) => ({ ...createNoticeWrites(db), ...createNoticeReads(db) });

const createNoticeWrites = (db: Postgres) => ({
  /** False if a notice with the same key exists. */
  async create(row: NoticeRow): Promise<boolean> {
    const created = await db.insert(notices).values(row).onConflictDoNothing().returning({ id: notices.id });
    return created.length === 1;
  },
  /** False if it was routed since it was read. */
  async noteRouted(noticeId: string, routedAt: Date): Promise<boolean> {
    const isUnrouted = and(eq(notices.id, noticeId), isNull(notices.routedAt));
    const rows = await db.update(notices).set({ routedAt }).where(isUnrouted).returning({ id: notices.id });
    return rows.length === 1;
  },
  async deleteBefore(at: Date): Promise<void> {
    await db.delete(notices).where(lt(notices.createdAt, at));
  },
});

const createNoticeReads = (db: Postgres) => ({
  listUnrouted: (limit: number): Promise<NoticeRow[]> =>
    db.select().from(notices).where(isNull(notices.routedAt)).orderBy(asc(notices.id)).limit(limit),
  async find(projectId: string, noticeId: string): Promise<NoticeRow | undefined> {
    const [row] = await db
      .select()
      .from(notices)
      .where(and(eq(notices.projectId, projectId), eq(notices.id, noticeId)));
    return row;
  },
  list(projectId: string, { limit, after, severities, subjectId }: Page): Promise<NoticeRow[]> {
    const isBefore = after
      ? sql`(${notices.createdAt}, ${notices.id}) < (${after[0]}::timestamptz, ${after[1]})`
      : undefined;
    const isSubject = subjectId === undefined ? undefined : eq(notices.subjectId, subjectId);
    return db
      .select()
      .from(notices)
      .where(and(eq(notices.projectId, projectId), inArray(notices.severity, [...severities]), isSubject, isBefore))
      .orderBy(desc(notices.createdAt), desc(notices.id))
      .limit(limit);
  },
});
