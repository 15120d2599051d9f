import { and, asc, count, eq, or } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { savedViews } from "./schema.ts";

export type ViewRow = typeof savedViews.$inferSelect;
type Content = Omit<ViewRow, "id" | "projectId" | "createdBy" | "createdAt">;

/** Reads only what the actor may see: their own views and the shared ones. */
export const createViewStore = (db: Postgres) => {
  const visible = (projectId: string, actor: string) =>
    and(eq(savedViews.projectId, projectId), or(eq(savedViews.isShared, true), eq(savedViews.createdBy, actor)));
  const one = (projectId: string, { actor, viewId }: { actor: string; viewId: string }) =>
    and(visible(projectId, actor), eq(savedViews.id, viewId));

  return {
    async list(projectId: string, actor: string, page: ViewRow["page"] | undefined): Promise<ViewRow[]> {
      const isOnPage = page === undefined ? undefined : eq(savedViews.page, page);
      return db
        .select()
        .from(savedViews)
        .where(and(visible(projectId, actor), isOnPage))
        .orderBy(asc(savedViews.name), asc(savedViews.id));
    },

    async count(projectId: string): Promise<number> {
      const [row] = await db.select({ count: count() }).from(savedViews).where(eq(savedViews.projectId, projectId));
      return row?.count ?? 0;
    },

    async find(projectId: string, which: { actor: string; viewId: string }): Promise<ViewRow | undefined> {
      const [row] = await db.select().from(savedViews).where(one(projectId, which));
      return row;
    },

    async create(row: ViewRow): Promise<void> {
      await db.insert(savedViews).values(row);
    },

    async update(
      projectId: string,
      which: { actor: string; viewId: string },
      content: Content,
    ): Promise<ViewRow | undefined> {
      const [row] = await db.update(savedViews).set(content).where(one(projectId, which)).returning();
      return row;
    },

    /** Gives the name of what is gone, or undefined. */
    async delete(projectId: string, which: { actor: string; viewId: string }): Promise<string | undefined> {
      const [row] = await db.delete(savedViews).where(one(projectId, which)).returning({ name: savedViews.name });
      return row?.name;
    },
  };
};
