import type { Connection } from "@treadle/contract";
import { and, asc, desc, eq, getTableColumns, inArray } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { connectionKeys, connections } from "./schema.ts";

type Row = typeof connections.$inferSelect;
/** A stored key. It is sealed, so that a backup or a stolen disk does not reveal it. */
export type SealedKey = typeof connectionKeys.$inferSelect;
export type ConnectionRow = Omit<Row, "projectId">;
type Changes = Partial<Omit<Row, "id" | "projectId" | "slug" | "preset" | "provider" | "createdAt">>;

const { projectId: _, ...columns } = getTableColumns(connections);

/** A list that names every field that leaves the store: a sealed value is never among them. */
export const toConnection = (row: ConnectionRow, keys: readonly SealedKey[]): Connection => ({
  connectionId: row.id,
  slug: row.slug,
  name: row.name,
  provider: row.provider,
  preset: row.preset,
  baseUrl: row.baseUrl,
  models: row.models,
  region: row.region,
  apiVersion: row.apiVersion,
  accessKeyId: row.accessKeyId,
  headers: row.headers,
  timeouts: row.timeouts,
  maxRetries: row.maxRetries,
  cacheTtlSeconds: row.cacheTtlSeconds,
  isEnabled: row.isEnabled,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  keys: keys
    .filter(({ connectionId }) => connectionId === row.id)
    .map(({ id, hint, weight, createdAt }) => ({
      connectionKeyId: id,
      hint,
      weight,
      createdAt: createdAt.toISOString(),
    })),
});

/** Some keys of all projects, with what they were sealed for. */
export const listSomeKeys = (db: Postgres) =>
  db
    .select({ value: connectionKeys.sealedValue, connectionId: connections.id, baseUrl: connections.baseUrl })
    .from(connectionKeys)
    .innerJoin(connections, eq(connections.id, connectionKeys.connectionId))
    .orderBy(desc(connectionKeys.createdAt))
    .limit(20);

export const createConnectionStore = (db: Postgres) => ({
  /** Every connection of the project with its sealed keys, oldest first. */
  async list(projectId: string): Promise<{ rows: ConnectionRow[]; keys: SealedKey[] }> {
    const rows = await db
      .select(columns)
      .from(connections)
      .where(eq(connections.projectId, projectId))
      .orderBy(asc(connections.createdAt), asc(connections.id));
    if (rows.length === 0) return { rows, keys: [] };
    const keys = await db
      .select()
      .from(connectionKeys)
      .where(
        inArray(
          connectionKeys.connectionId,
          rows.map(({ id }) => id),
        ),
      )
      .orderBy(asc(connectionKeys.id));
    return { rows, keys };
  },

  async find(projectId: string, connectionId: string): Promise<{ row: ConnectionRow; keys: SealedKey[] } | undefined> {
    const [row] = await db
      .select(columns)
      .from(connections)
      .where(and(eq(connections.projectId, projectId), eq(connections.id, connectionId)));
    if (!row) return undefined;
    return {
      row,
      keys: await db
        .select()
        .from(connectionKeys)
        .where(eq(connectionKeys.connectionId, connectionId))
        .orderBy(asc(connectionKeys.id)),
    };
  },

  /** Holds the row until the transaction ends, so that two changes of one connection come one after the other. */
  async lock(projectId: string, connectionId: string): Promise<void> {
    await db
      .select({ id: connections.id })
      .from(connections)
      .where(and(eq(connections.projectId, projectId), eq(connections.id, connectionId)))
      .for("update");
  },

  /** False when the project has a connection with that slug. */
  async create(projectId: string, row: ConnectionRow): Promise<boolean> {
    const created = await db
      .insert(connections)
      .values({ projectId, ...row })
      .onConflictDoNothing()
      .returning({ id: connections.id });
    return created.length === 1;
  },

  async update(projectId: string, connectionId: string, changes: Changes): Promise<void> {
    await db
      .update(connections)
      .set(changes)
      .where(and(eq(connections.projectId, projectId), eq(connections.id, connectionId)));
  },

  /** The slug of what was deleted, its keys with it; undefined when there was no such connection. */
  async delete(projectId: string, connectionId: string): Promise<string | undefined> {
    const [deleted] = await db
      .delete(connections)
      .where(and(eq(connections.projectId, projectId), eq(connections.id, connectionId)))
      .returning({ slug: connections.slug });
    return deleted?.slug;
  },

  async saveKeys(keys: readonly SealedKey[]): Promise<void> {
    if (keys.length > 0) await db.insert(connectionKeys).values([...keys]);
  },

  async deleteKeys(connectionId: string): Promise<void> {
    await db.delete(connectionKeys).where(eq(connectionKeys.connectionId, connectionId));
  },
});
