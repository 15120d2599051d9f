import type { Endpoint } from "@treadle/contract";
import { and, asc, eq } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { endpoints } from "./schema.ts";

type Row = typeof endpoints.$inferSelect;

const toEndpoint = ({ projectId: _, createdAt, updatedAt, ...row }: Row): Endpoint => ({
  ...row,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

export const createEndpointStore = (db: Postgres) => {
  const one = (projectId: string, endpointId: string) =>
    and(eq(endpoints.projectId, projectId), eq(endpoints.id, endpointId));

  return {
    async list(projectId: string): Promise<Endpoint[]> {
      const rows = await db
        .select()
        .from(endpoints)
        .where(eq(endpoints.projectId, projectId))
        .orderBy(asc(endpoints.name));
      return rows.map(toEndpoint);
    },

    async find(projectId: string, endpointId: string): Promise<Endpoint | undefined> {
      const [row] = await db.select().from(endpoints).where(one(projectId, endpointId));
      return row && toEndpoint(row);
    },

    /** Undefined when the project has an endpoint of that name. */
    async create(row: Row): Promise<Endpoint | undefined> {
      const [created] = await db.insert(endpoints).values(row).onConflictDoNothing().returning();
      return created && toEndpoint(created);
    },

    async hasOther(projectId: string, name: string, endpointId: string): Promise<boolean> {
      const [row] = await db
        .select({ id: endpoints.id })
        .from(endpoints)
        .where(and(eq(endpoints.projectId, projectId), eq(endpoints.name, name)));
      return row !== undefined && row.id !== endpointId;
    },

    async update(
      projectId: string,
      endpointId: string,
      changes: Omit<Row, "id" | "projectId" | "createdAt">,
    ): Promise<Endpoint | undefined> {
      const [row] = await db.update(endpoints).set(changes).where(one(projectId, endpointId)).returning();
      return row && toEndpoint(row);
    },

    async delete(projectId: string, endpointId: string): Promise<Endpoint | undefined> {
      const [row] = await db.delete(endpoints).where(one(projectId, endpointId)).returning();
      return row && toEndpoint(row);
    },
  };
};
