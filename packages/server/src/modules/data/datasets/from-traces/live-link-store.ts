import { and, asc, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { datasetLiveLinks } from "../stores/schema.ts";

export type LiveLinkRow = typeof datasetLiveLinks.$inferSelect;
type Changes = Partial<
  Pick<LiveLinkRow, "isEnabled" | "itemsAdded" | "lastError" | "placeMs" | "placeTraceId" | "placeSpanId">
>;

export const createLiveLinkStore = (db: Postgres) => {
  const one = (projectId: string, id: string) =>
    and(eq(datasetLiveLinks.projectId, projectId), eq(datasetLiveLinks.id, id));
  return {
    list: (projectId: string, datasetId: string): Promise<LiveLinkRow[]> =>
      db
        .select()
        .from(datasetLiveLinks)
        .where(and(eq(datasetLiveLinks.projectId, projectId), eq(datasetLiveLinks.datasetId, datasetId)))
        .orderBy(asc(datasetLiveLinks.createdAt), asc(datasetLiveLinks.id)),

    listEnabled: (projectId: string): Promise<LiveLinkRow[]> =>
      db
        .select()
        .from(datasetLiveLinks)
        .where(and(eq(datasetLiveLinks.projectId, projectId), eq(datasetLiveLinks.isEnabled, true))),

    async create(row: LiveLinkRow): Promise<void> {
      await db.insert(datasetLiveLinks).values(row);
    },

    async update(projectId: string, id: string, changes: Changes): Promise<LiveLinkRow | undefined> {
      const [row] = await db.update(datasetLiveLinks).set(changes).where(one(projectId, id)).returning();
      return row;
    },

    async delete(projectId: string, id: string): Promise<boolean> {
      return (
        (await db.delete(datasetLiveLinks).where(one(projectId, id)).returning({ id: datasetLiveLinks.id })).length > 0
      );
    },
  };
};
