import { and, desc, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { registryConversions } from "./schema.ts";

export type ConversionRow = typeof registryConversions.$inferSelect;
type Kind = Pick<ConversionRow, "versionId" | "format" | "quantization">;

/** Other formats that were made of versions. */
export const createConversionStore = (db: Postgres) => ({
  /** Newest first. */
  list(versionId: string): Promise<ConversionRow[]> {
    return db
      .select()
      .from(registryConversions)
      .where(eq(registryConversions.versionId, versionId))
      .orderBy(desc(registryConversions.createdAt));
  },

  async find(versionId: string, id: string): Promise<ConversionRow | undefined> {
    const [row] = await db
      .select()
      .from(registryConversions)
      .where(and(eq(registryConversions.versionId, versionId), eq(registryConversions.id, id)));
    return row;
  },

  /** Replaces a conversion of the same kind, which is returned. */
  async replace(row: ConversionRow): Promise<ConversionRow | undefined> {
    const { versionId, format, quantization }: Kind = row;
    const [before] = await db
      .delete(registryConversions)
      .where(
        and(
          eq(registryConversions.versionId, versionId),
          eq(registryConversions.format, format),
          eq(registryConversions.quantization, quantization),
        ),
      )
      .returning();
    await db.insert(registryConversions).values(row);
    return before;
  },

  async deleteAll(versionId: string): Promise<void> {
    await db.delete(registryConversions).where(eq(registryConversions.versionId, versionId));
  },

  async delete(versionId: string, id: string): Promise<void> {
    await db
      .delete(registryConversions)
      .where(and(eq(registryConversions.versionId, versionId), eq(registryConversions.id, id)));
  },
});
