import { and, eq, inArray, isNotNull, isNull, ne } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { knowledgeDocuments, PURGED } from "./schema.ts";

type Row = typeof knowledgeDocuments.$inferSelect;

/** What the store of documents does with deleted ones. */
export const createDeletion = (db: Postgres) => ({
  /** The ids of deleted documents. */
  async listDeleted(baseId: string): Promise<ReadonlySet<string>> {
    const rows = await db
      .select({ id: knowledgeDocuments.id })
      .from(knowledgeDocuments)
      .where(and(eq(knowledgeDocuments.baseId, baseId), isNotNull(knowledgeDocuments.deletedAt)));
    return new Set(rows.map(({ id }) => id));
  },

  /** Deleted documents of which something may still be stored. */
  listUnpurged(baseId: string): Promise<Row[]> {
    const { deletedAt, contentObject } = knowledgeDocuments;
    const isUnpurged = and(isNotNull(deletedAt), ne(contentObject, PURGED));
    return db
      .select()
      .from(knowledgeDocuments)
      .where(and(eq(knowledgeDocuments.baseId, baseId), isUnpurged));
  },

  /** The row stays, so that old answers can name the document. */
  async buryDocument(baseId: string, documentId: string, deletedAt: Date): Promise<Row | undefined> {
    const changes = { deletedAt, updatedAt: deletedAt, facts: null, error: null };
    const { baseId: base, id, deletedAt: before } = knowledgeDocuments;
    const [row] = await db
      .update(knowledgeDocuments)
      .set(changes)
      .where(and(eq(base, baseId), eq(id, documentId), isNull(before)))
      .returning();
    return row;
  },

  /** The same for many documents of a source. */
  async buryDocuments(sourceId: string, ids: readonly string[], deletedAt: Date): Promise<Row[]> {
    if (ids.length === 0) return [];
    const { sourceId: source, id, deletedAt: before } = knowledgeDocuments;
    return db
      .update(knowledgeDocuments)
      .set({ deletedAt, updatedAt: deletedAt, facts: null, error: null, vanishedAt: null })
      .where(and(eq(source, sourceId), inArray(id, [...ids]), isNull(before)))
      .returning();
  },

  /** Notes that nothing is stored of a deleted document any more. */
  async markPurged(documentId: string): Promise<void> {
    const changes = { contentObject: PURGED, parsedObject: null };
    await db.update(knowledgeDocuments).set(changes).where(eq(knowledgeDocuments.id, documentId));
  },
});
