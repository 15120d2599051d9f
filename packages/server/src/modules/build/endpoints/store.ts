import type { Endpoint, EndpointVersion } from "@treadle/contract";
import { and, asc, desc, eq, lt } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { type EndpointContent, hashOf } from "./content.ts";
import { endpoints, endpointVersions } from "./schema.ts";

type Row = typeof endpoints.$inferSelect;
type VersionRow = typeof endpointVersions.$inferSelect;

const toEndpoint = ({ id, projectId: _, createdAt, updatedAt, ...row }: Row): Endpoint => ({
  endpointId: id,
  ...row,
  configHash: hashOf(row),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

const toVersion = ({ content, createdAt, ...row }: VersionRow): EndpointVersion => ({
  ...content,
  ...row,
  configHash: hashOf(content),
  createdAt: createdAt.toISOString(),
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

    /** The endpoint, locked until the transaction ends. */
    async lock(projectId: string, endpointId: string): Promise<Endpoint | undefined> {
      const [row] = await db.select().from(endpoints).where(one(projectId, endpointId)).for("update");
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
      endpointId: string,
      changes: Partial<EndpointContent & Pick<Row, "version" | "rollout" | "abTest" | "updatedAt">>,
    ): Promise<Endpoint | undefined> {
      const [row] = await db.update(endpoints).set(changes).where(eq(endpoints.id, endpointId)).returning();
      return row && toEndpoint(row);
    },

    async delete(projectId: string, endpointId: string): Promise<Endpoint | undefined> {
      const [row] = await db.delete(endpoints).where(one(projectId, endpointId)).returning();
      return row && toEndpoint(row);
    },

    async addVersion(row: VersionRow): Promise<void> {
      await db.insert(endpointVersions).values(row);
    },

    async findVersion(endpointId: string, version: number): Promise<EndpointContent | undefined> {
      const [row] = await db
        .select({ content: endpointVersions.content })
        .from(endpointVersions)
        .where(and(eq(endpointVersions.endpointId, endpointId), eq(endpointVersions.version, version)));
      return row?.content;
    },

    /** Newest first, below a version if one is given. */
    async listVersions(endpointId: string, { limit, below }: { limit: number; below: number | undefined }) {
      const rows = await db
        .select()
        .from(endpointVersions)
        .where(
          and(
            eq(endpointVersions.endpointId, endpointId),
            below === undefined ? undefined : lt(endpointVersions.version, below),
          ),
        )
        .orderBy(desc(endpointVersions.version))
        .limit(limit);
      return rows.map(toVersion);
    },
  };
};
