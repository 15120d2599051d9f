import { and, count, desc, eq, gt } from "drizzle-orm";
import type { Postgres } from "../../../../../platform/postgres/port.ts";
import { semanticCacheEntries as entries } from "./schema.ts";

export type EntryRow = typeof entries.$inferSelect;

const KNOWN = {
  id: entries.id,
  questionHash: entries.questionHash,
  question: entries.question,
  language: entries.language,
  vector: entries.vector,
  traceId: entries.traceId,
  spanId: entries.spanId,
  expiresAt: entries.expiresAt,
};

const inProject = (projectId: string) => eq(entries.projectId, projectId);
const living = (now: Date) => gt(entries.expiresAt, now);

const entryReads = (db: Postgres) => ({
  /** The newest entries of a namespace without their answers. */
  list: (projectId: string, namespace: string, { now, limit }: { readonly now: Date; readonly limit: number }) =>
    db
      .select(KNOWN)
      .from(entries)
      .where(and(inProject(projectId), eq(entries.namespace, namespace), living(now)))
      .orderBy(desc(entries.createdAt))
      .limit(limit),

  /** The answer as JSON of unknown shape; undefined if the entry was deleted or has expired. */
  async findAnswer(projectId: string, entryId: string, now: Date): Promise<unknown> {
    const isIt = and(inProject(projectId), eq(entries.id, entryId), living(now));
    const [row] = await db.select({ answer: entries.answer }).from(entries).where(isIt);
    return row?.answer;
  },

  async count(projectId: string, endpointId: string, now: Date): Promise<number> {
    const isIt = and(inProject(projectId), eq(entries.endpointId, endpointId), living(now));
    const [row] = await db.select({ total: count() }).from(entries).where(isIt);
    return row?.total ?? 0;
  },
});

export const createEntryStore = (db: Postgres) => ({
  ...entryReads(db),

  /** Replaces the entry of the same question, which keeps its id. Returns the id. */
  async save({ id, ...row }: EntryRow): Promise<string> {
    const conflict = { target: [entries.namespace, entries.questionHash], set: row };
    const values = { id, ...row };
    const [saved] = await db.insert(entries).values(values).onConflictDoUpdate(conflict).returning({ id: entries.id });
    return saved?.id ?? id;
  },

  async clear(projectId: string, endpointId: string): Promise<void> {
    await db.delete(entries).where(and(inProject(projectId), eq(entries.endpointId, endpointId)));
  },
});
export type EntryStore = ReturnType<typeof createEntryStore>;
