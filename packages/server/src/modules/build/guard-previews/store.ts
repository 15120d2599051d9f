import type { GuardPreviewResult, GuardShare } from "@treadle/contract";
import { and, desc, eq, getTableColumns, gt, lte, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { guardPreviews } from "./schema.ts";

export type PreviewRow = typeof guardPreviews.$inferSelect;
/** A preview without its result: only the share of affected calls, or null until it is done. */
export type PreviewHead = Omit<PreviewRow, "result"> & { readonly affected: GuardShare | null };

type Listing = {
  readonly limit: number;
  /** The sort key of the last row of the page before. */
  readonly before: readonly [createdAt: string, id: string] | null;
  readonly now: Date;
  readonly policyId?: string | undefined;
};

const { result: _result, ...head } = getTableColumns(guardPreviews);

export const createPreviewStore = (db: Postgres) => ({ ...createReads(db), ...createWrites(db) });

const createReads = (db: Postgres) => ({
  /** Newest first, without results and without previews that have expired. */
  list(projectId: string, { limit, before, now, ...only }: Listing): Promise<PreviewHead[]> {
    const { createdAt, id, expiresAt, policyId } = guardPreviews;
    const isWanted = only.policyId === undefined ? undefined : eq(policyId, only.policyId);
    const isBefore = before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined;
    return db
      .select({ ...head, affected: sql<GuardShare | null>`${guardPreviews.result} -> 'affected'` })
      .from(guardPreviews)
      .where(and(eq(guardPreviews.projectId, projectId), gt(expiresAt, now), isWanted, isBefore))
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
  },

  async find(projectId: string, previewId: string, now: Date): Promise<PreviewRow | undefined> {
    const [row] = await db
      .select()
      .from(guardPreviews)
      .where(and(isOne(projectId, previewId), gt(guardPreviews.expiresAt, now)));
    return row;
  },
});

const createWrites = (db: Postgres) => ({
  async create(row: PreviewRow): Promise<void> {
    await db.insert(guardPreviews).values(row);
  },

  async saveResult(projectId: string, previewId: string, result: GuardPreviewResult): Promise<void> {
    await db.update(guardPreviews).set({ result }).where(isOne(projectId, previewId));
  },

  async delete(projectId: string, previewId: string): Promise<PreviewRow | undefined> {
    const [row] = await db.delete(guardPreviews).where(isOne(projectId, previewId)).returning();
    return row;
  },

  async deleteExpired(now: Date): Promise<void> {
    await db.delete(guardPreviews).where(lte(guardPreviews.expiresAt, now));
  },
});

const isOne = (projectId: string, previewId: string) =>
  and(eq(guardPreviews.projectId, projectId), eq(guardPreviews.id, previewId));
