import { and, desc, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { knowledgeSegments } from "./schema.ts";

export type SegmentRow = typeof knowledgeSegments.$inferSelect;

export const createSegmentStore = (db: Postgres) => ({
  listSegments(baseId: string, optionsHash: string): Promise<SegmentRow[]> {
    return db
      .select()
      .from(knowledgeSegments)
      .where(and(eq(knowledgeSegments.baseId, baseId), eq(knowledgeSegments.optionsHash, optionsHash)));
  },

  /** The newest segments of a document that the same model embedded, newest first. */
  listEmbedded(documentId: string, embedderHash: string, limit: number): Promise<SegmentRow[]> {
    return db
      .select()
      .from(knowledgeSegments)
      .where(and(eq(knowledgeSegments.documentId, documentId), eq(knowledgeSegments.embedderHash, embedderHash)))
      .orderBy(desc(knowledgeSegments.createdAt))
      .limit(limit);
  },

  async saveSegment(row: SegmentRow): Promise<void> {
    await db.insert(knowledgeSegments).values(row).onConflictDoNothing();
  },

  listOfDocument: (documentId: string): Promise<SegmentRow[]> =>
    db.select().from(knowledgeSegments).where(eq(knowledgeSegments.documentId, documentId)),

  async deleteSegments(documentId: string): Promise<void> {
    await db.delete(knowledgeSegments).where(eq(knowledgeSegments.documentId, documentId));
  },
});
