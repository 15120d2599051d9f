import { and, desc, eq, gt, inArray, or } from "drizzle-orm";
import type { Postgres } from "../../../../../platform/postgres/port.ts";
import { semanticCacheEntries as entries, semanticCacheUses as uses } from "./schema.ts";

export type UseRow = typeof uses.$inferInsert;
/** A call that got a bad answer. A missing part is an empty text. */
export type BadAnswer = { readonly traceId: string; readonly spanId: string; readonly responseId: string };

type Newest = { readonly since: Date; readonly limit: number };

export const createUseStore = (db: Postgres) => ({
  async add(row: UseRow): Promise<void> {
    await db.insert(uses).values(row).onConflictDoNothing();
  },

  /** The newest false hits since a time. */
  listFalse: (projectId: string, endpointId: string, { since, limit }: Newest) =>
    db
      .select()
      .from(uses)
      .where(and(ofEndpoint(projectId, endpointId), eq(uses.isFalse, true), gt(uses.createdAt, since)))
      .orderBy(desc(uses.createdAt))
      .limit(limit),

  /** Deletes the entries that a bad answer came from, whether it was their own call or a hit. */
  async evict(projectId: string, bad: BadAnswer): Promise<void> {
    const used = db.select({ id: uses.entryId }).from(uses).where(isUse(projectId, bad));
    const isIt = bad.traceId ? or(isSource(bad), inArray(entries.id, used)) : eq(entries.responseId, bad.responseId);
    await db.delete(entries).where(and(eq(entries.projectId, projectId), isIt));
  },
});
export type UseStore = ReturnType<typeof createUseStore>;

const ofEndpoint = (projectId: string, endpointId: string) =>
  and(eq(uses.projectId, projectId), eq(uses.endpointId, endpointId));

const isUse = (projectId: string, { traceId, spanId }: BadAnswer) =>
  and(eq(uses.projectId, projectId), eq(uses.traceId, traceId), spanId ? eq(uses.spanId, spanId) : undefined);

const isSource = ({ traceId, spanId }: BadAnswer) =>
  and(eq(entries.traceId, traceId), spanId ? eq(entries.spanId, spanId) : undefined);
