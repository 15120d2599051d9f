import { and, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { datasetTags } from "./schema.ts";
import type { Which } from "./version-store.ts";

export const createTagStore = (db: Postgres) => {
  const tagOf = ({ projectId, datasetId }: Which) =>
    and(eq(datasetTags.projectId, projectId), eq(datasetTags.datasetId, datasetId));

  return {
    list: (which: Which) =>
      db
        .select({ name: datasetTags.name, number: datasetTags.number })
        .from(datasetTags)
        .where(tagOf(which))
        .orderBy(datasetTags.name),

    async find(which: Which, name: string): Promise<number | undefined> {
      const [row] = await db
        .select({ number: datasetTags.number })
        .from(datasetTags)
        .where(and(tagOf(which), eq(datasetTags.name, name)));
      return row?.number;
    },

    async save({ projectId, datasetId }: Which, name: string, number: number): Promise<void> {
      await db
        .insert(datasetTags)
        .values({ projectId, datasetId, name, number })
        .onConflictDoUpdate({ target: [datasetTags.datasetId, datasetTags.name], set: { number } });
    },

    async delete(which: Which, name: string): Promise<boolean> {
      const rows = await db
        .delete(datasetTags)
        .where(and(tagOf(which), eq(datasetTags.name, name)))
        .returning({ name: datasetTags.name });
      return rows.length > 0;
    },
  };
};
