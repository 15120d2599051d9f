import { and, asc, eq, lt } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { KeptItem } from "./kept-item.ts";
import { synthesisItems } from "./schema.ts";

type Place = { readonly datasetId: string; readonly jobId: string };
const ofJob = (projectId: string, jobId: string) =>
  and(eq(synthesisItems.projectId, projectId), eq(synthesisItems.jobId, jobId));

export const createSynthesisStore = (db: Postgres) => ({
  /** In the order of their creation. */
  async list(projectId: string, jobId: string): Promise<KeptItem[]> {
    const rows = await db
      .select({ item: synthesisItems.item })
      .from(synthesisItems)
      .where(ofJob(projectId, jobId))
      .orderBy(asc(synthesisItems.ordinal));
    return rows.map(({ item }) => item);
  },

  /** Adds items behind the `from` that are there. */
  async add(
    projectId: string,
    place: Place,
    { items, from, at }: { items: readonly KeptItem[]; from: number; at: Date },
  ): Promise<void> {
    if (items.length === 0) return;
    await db
      .insert(synthesisItems)
      .values(items.map((item, index) => ({ projectId, ...place, ordinal: from + index, item, createdAt: at })));
  },

  async delete(projectId: string, jobId: string): Promise<void> {
    await db.delete(synthesisItems).where(ofJob(projectId, jobId));
  },

  /** Results of canceled or failed jobs that were not continued. */
  async deleteOlder(projectId: string, before: Date): Promise<void> {
    await db
      .delete(synthesisItems)
      .where(and(eq(synthesisItems.projectId, projectId), lt(synthesisItems.createdAt, before)));
  },
});
