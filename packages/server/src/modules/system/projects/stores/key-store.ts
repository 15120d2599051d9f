import { type ApiKey, PERMISSIONS } from "@treadle/contract";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { apiKeys, projects } from "./schema.ts";

type Row = typeof apiKeys.$inferSelect;
type After = readonly [createdAt: string, id: string];

const KNOWN: ReadonlySet<string> = new Set(PERMISSIONS);

/** The hash stays here: nothing that is shown is made from a whole row. */
const toApiKey = ({ id, name, hint, permissions, models, expiresAt, createdAt, lastUsedAt }: Row): ApiKey => ({
  apiKeyId: id,
  name,
  hint,
  permissions: permissions.filter((permission) => KNOWN.has(permission)),
  models,
  expiresAt: expiresAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});

export const createKeyStore = (db: Postgres) => ({
  async list(projectId: string, { limit, after }: { limit: number; after: After | null }): Promise<ApiKey[]> {
    const { createdAt, id } = apiKeys;
    const isAfter = after ? sql`(${createdAt}, ${id}) < (${after[0]}::timestamptz, ${after[1]})` : undefined;
    const rows = await db
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.projectId, projectId), isAfter))
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
    return rows.map(toApiKey);
  },

  async create(row: Row): Promise<ApiKey> {
    await db.insert(apiKeys).values(row);
    return toApiKey(row);
  },

  /** Gives the name of the key that is gone, or undefined. */
  async delete(projectId: string, apiKeyId: string): Promise<string | undefined> {
    const [row] = await db
      .delete(apiKeys)
      .where(and(eq(apiKeys.projectId, projectId), eq(apiKeys.id, apiKeyId)))
      .returning({ name: apiKeys.name });
    return row?.name;
  },

  async deleteById(apiKeyId: string): Promise<void> {
    await db.delete(apiKeys).where(eq(apiKeys.id, apiKeyId));
  },

  /** Each with the state of its project. */
  async findByHashes(hashes: readonly string[]) {
    const rows = await db
      .select({ key: apiKeys, project: projects })
      .from(apiKeys)
      .innerJoin(projects, eq(projects.id, apiKeys.projectId))
      .where(inArray(apiKeys.keyHash, [...hashes]));
    return rows.map(({ key, project }) => ({
      ...toApiKey(key),
      projectId: key.projectId,
      keyHash: key.keyHash,
      project,
    }));
  },

  async findHash(apiKeyId: string): Promise<string | undefined> {
    const [row] = await db.select({ keyHash: apiKeys.keyHash }).from(apiKeys).where(eq(apiKeys.id, apiKeyId));
    return row?.keyHash;
  },

  async saveUse(apiKeyId: string, at: Date): Promise<void> {
    await db.update(apiKeys).set({ lastUsedAt: at }).where(eq(apiKeys.id, apiKeyId));
  },
});
