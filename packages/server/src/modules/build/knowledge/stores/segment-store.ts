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

  /** The segments of a document that the same model embedded, newest first. */
  listEmbedded(documentId: string, embedderHash: string): Promise<SegmentRow[]> {
    return db
      .select()
      .from(knowledgeSegments)
      .where(and(eq(knowledgeSegments.documentId, documentId), eq(knowledgeSegments.embedderHash, embedderHash)))
      .orderBy(desc(knowledgeSegments.createdAt));
  },

  async saveSegment(row: SegmentRow): Promise<void> {
    await db.insert(knowledgeSegments).values(row).onConflictDoNothing();
  },

  /** Takes the segments of a document away, and gives them. */
  takeSegments: (documentId: string): Promise<SegmentRow[]> =>
    db.delete(knowledgeSegments).where(eq(knowledgeSegments.documentId, documentId)).returning(),
});
