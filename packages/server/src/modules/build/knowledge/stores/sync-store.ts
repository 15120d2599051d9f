import { and, count, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { knowledgeDocuments } from "./schema.ts";

const isPresent = isNull(knowledgeDocuments.deletedAt);
const isOf = (sourceId: string) => and(eq(knowledgeDocuments.sourceId, sourceId), isPresent);
/** A statement has fewer parameters than this. */
const MOST_IDS = 1_000;

/** A document as a sync compares it with an entry of the source. */
export type SyncedDocument = {
  readonly id: string;
  readonly key: string;
  readonly etag: string;
  readonly contentHash: string;
  readonly contentObject: string;
  readonly syncId: string | null;
};

/** What syncs read and write of the documents of a source. */
export const createSyncStore = (db: Postgres) => ({ ...createReads(db), ...createMarks(db) });

const createReads = (db: Postgres) => ({
  listSynced(sourceId: string): Promise<SyncedDocument[]> {
    const { id, key, etag, contentHash, contentObject, syncId } = knowledgeDocuments;
    return db
      .select({ id, key, etag, contentHash, contentObject, syncId })
      .from(knowledgeDocuments)
      .where(isOf(sourceId));
  },

  async listVanished(sourceId: string): Promise<string[]> {
    const { id, vanishedAt } = knowledgeDocuments;
    const rows = await db
      .select({ id })
      .from(knowledgeDocuments)
      .where(and(isOf(sourceId), isNotNull(vanishedAt)));
    return rows.map((row) => row.id);
  },

  /** The documents of each source, and those of them that vanished. */
  async countOfSources(sourceIds: readonly string[]) {
    if (sourceIds.length === 0) return [];
    const { sourceId, vanishedAt } = knowledgeDocuments;
    return db
      .select({ sourceId, documents: count(), vanished: count(vanishedAt) })
      .from(knowledgeDocuments)
      .where(and(inArray(sourceId, [...sourceIds]), isPresent))
      .groupBy(sourceId);
  },
});

const createMarks = (db: Postgres) => ({
  /** Notes the mark of equal bytes. */
  async setMark(documentId: string, etag: string): Promise<void> {
    await db.update(knowledgeDocuments).set({ etag }).where(eq(knowledgeDocuments.id, documentId));
  },

  /** Exactly these documents of the source wait for an approval of their deletion. */
  async markVanished(sourceId: string, { ids, at }: { ids: readonly string[]; at: Date }): Promise<void> {
    const { id, vanishedAt } = knowledgeDocuments;
    await db
      .update(knowledgeDocuments)
      .set({ vanishedAt: null })
      .where(and(isOf(sourceId), isNotNull(vanishedAt)));
    for (let start = 0; start < ids.length; start += MOST_IDS)
      await db
        .update(knowledgeDocuments)
        .set({ vanishedAt: at })
        .where(and(isOf(sourceId), inArray(id, ids.slice(start, start + MOST_IDS))));
  },

  /** Gives other principals to the documents that have the earlier ones. */
  async changePrincipals(sourceId: string, before: readonly string[], after: readonly string[]): Promise<void> {
    const { principals } = knowledgeDocuments;
    await db
      .update(knowledgeDocuments)
      .set({ principals: [...after] })
      .where(and(isOf(sourceId), sql`${principals} = ${sql.param(before, principals)}`));
  },
});
