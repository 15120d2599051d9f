import { and, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { knowledgeSources } from "./schema.ts";

export type SourceRow = typeof knowledgeSources.$inferSelect;

export const createSourceStore = (db: Postgres) => ({
  async findOfKind(baseId: string, kind: string): Promise<SourceRow | undefined> {
    const [row] = await db
      .select()
      .from(knowledgeSources)
      .where(and(eq(knowledgeSources.baseId, baseId), eq(knowledgeSources.kind, kind)));
    return row;
  },

  async createSource(row: SourceRow): Promise<void> {
    await db.insert(knowledgeSources).values(row);
  },
});
