import { and, desc, eq, gt, inArray, or } from "drizzle-orm";
import type { Postgres } from "../../../../../platform/postgres/port.ts";
import { semanticCacheEntries as entries, semanticCacheUses as uses } from "./schema.ts";

export type UseRow = typeof uses.$inferInsert;
/** A call that got a bad answer. A missing part is an empty text. */
export type BadAnswer = { readonly traceId: string; readonly spanId: string; readonly responseId: string };

export const createUseStore = (db: Postgres) => ({
  async add(row: UseRow): Promise<void> {
    await db.insert(uses).values(row).onConflictDoNothing();
  },

  /** The newest false hits since a time. */
  listFalse: (
    projectId: string,
    endpointId: string,
    { since, limit }: { readonly since: Date; readonly limit: number },
  ) =>
    db
      .select()
      .from(uses)
      .where(and(ofEndpoint(projectId, endpointId), eq(uses.isFalse, true), gt(uses.createdAt, since)))
      .orderBy(desc(uses.createdAt))
      .limit(limit),

  /** Deletes the entries that a bad answer came from, whether it was their own call or a hit. */
  async evict(projectId: string, { traceId, spanId, responseId }: BadAnswer): Promise<void> {
    const isUse = and(
      eq(uses.projectId, projectId),
      eq(uses.traceId, traceId),
      spanId ? eq(uses.spanId, spanId) : undefined,
    );
    const used = db.select({ id: uses.entryId }).from(uses).where(isUse);
    const isSource = and(eq(entries.traceId, traceId), spanId ? eq(entries.spanId, spanId) : undefined);
    const isIt = traceId ? or(isSource, inArray(entries.id, used)) : eq(entries.responseId, responseId);
    await db.delete(entries).where(and(eq(entries.projectId, projectId), isIt));
  },
});
export type UseStore = ReturnType<typeof createUseStore>;

const ofEndpoint = (projectId: string, endpointId: string) =>
  and(eq(uses.projectId, projectId), eq(uses.endpointId, endpointId));
