import type { AuditEntry } from "@treadle/contract";
import { and, desc, eq, gte, inArray, like, lt, not, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { auditEntries } from "./schema.ts";

type Row = typeof auditEntries.$inferSelect;
/** The last row of a page: its time and its id. */
export type AuditKind = "any" | "changes" | "reads";
type After = readonly [createdAt: string, id: string];

type Page = { readonly limit: number; readonly after: After | null; readonly kind: AuditKind };

export type AuditRange = {
  readonly from: Date;
  readonly to: Date;
  readonly words: readonly string[];
  readonly limit: number;
};

const isRead = like(auditEntries.action, "content.%");

function ofKind(kind: AuditKind) {
  if (kind === "any") return undefined;
  return kind === "reads" ? isRead : not(isRead);
}

const toEntry = ({ id, projectId: _, createdAt, ...row }: Row): AuditEntry => ({
  auditEntryId: id,
  ...row,
  createdAt: createdAt.toISOString(),
});

export const createAuditStore = (db: Postgres) => ({
  ...createAuditRanges(db),

  async save(row: Row): Promise<void> {
    await db.insert(auditEntries).values(row);
  },

  /** Who did an action to each of the targets. */
  listActors(projectId: string, action: string, targets: readonly string[]) {
    const { target, actor } = auditEntries;
    return db
      .select({ target, actor })
      .from(auditEntries)
      .where(
        and(eq(auditEntries.projectId, projectId), eq(auditEntries.action, action), inArray(target, [...targets])),
      );
  },

  async list(projectId: string, { limit, after, kind }: Page): Promise<AuditEntry[]> {
    const { createdAt, id } = auditEntries;
    const isAfter = after ? sql`(${createdAt}, ${id}) < (${after[0]}::timestamptz, ${after[1]})` : undefined;
    const rows = await db
      .select()
      .from(auditEntries)
      .where(and(eq(auditEntries.projectId, projectId), ofKind(kind), isAfter))
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
    return rows.map(toEntry);
  },
});

const createAuditRanges = (db: Postgres) => ({
  /** The newest entries of a time range whose action begins with one of the words, such as `rollout.`. */
  async listBetween(projectId: string, { from, to, words, limit }: AuditRange): Promise<AuditEntry[]> {
    const { createdAt, id, action } = auditEntries;
    const rows = await db
      .select()
      .from(auditEntries)
      .where(
        and(
          eq(auditEntries.projectId, projectId),
          gte(createdAt, from),
          lt(createdAt, to),
          or(...words.map((word) => like(action, `${word}%`))),
        ),
      )
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
    return rows.map(toEntry);
  },
});
