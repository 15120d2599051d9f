import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { trainingFiles } from "./schema.ts";

export type FileRow = typeof trainingFiles.$inferSelect;
type Place = {
  readonly after: FileRow | null;
  readonly limit: number;
  readonly isOldestFirst: boolean;
  readonly purpose?: string | undefined;
};

export const createFileStore = (db: Postgres) => ({
  async find(projectId: string, id: string): Promise<FileRow | undefined> {
    const [row] = await db
      .select()
      .from(trainingFiles)
      .where(and(eq(trainingFiles.projectId, projectId), eq(trainingFiles.id, id)));
    return row;
  },

  list: (projectId: string, { after, limit, isOldestFirst, purpose }: Place): Promise<FileRow[]> => {
    const key = sql`(${trainingFiles.createdAt}, ${trainingFiles.id})`;
    const place = after && sql`(${after.createdAt.toISOString()}::timestamptz, ${after.id})`;
    const order = isOldestFirst ? asc : desc;
    return db
      .select()
      .from(trainingFiles)
      .where(
        and(
          eq(trainingFiles.projectId, projectId),
          purpose === undefined ? undefined : eq(trainingFiles.purpose, purpose),
          place ? (isOldestFirst ? sql`${key} > ${place}` : sql`${key} < ${place}`) : undefined,
        ),
      )
      .orderBy(order(trainingFiles.createdAt), order(trainingFiles.id))
      .limit(limit);
  },

  async create(row: FileRow): Promise<void> {
    await db.insert(trainingFiles).values(row);
  },

  async delete(projectId: string, id: string): Promise<void> {
    await db.delete(trainingFiles).where(and(eq(trainingFiles.projectId, projectId), eq(trainingFiles.id, id)));
  },

  /** Whether any project has a file with these bytes. */
  async isObjectUsed(object: string): Promise<boolean> {
    const rows = await db
      .select({ id: trainingFiles.id })
      .from(trainingFiles)
      .where(eq(trainingFiles.object, object))
      .limit(1);
    return rows.length > 0;
  },
});
