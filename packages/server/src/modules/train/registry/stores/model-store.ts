import type { ModelFilters, ModelStage } from "@treadle/contract";
import { type AnyColumn, and, asc, count, eq, exists, gt, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { registryModels, registrySettings, registryVersions } from "./schema.ts";

export type ModelRow = typeof registryModels.$inferSelect;
type Query = {
  readonly search: string;
  readonly tag: { readonly key: string; readonly value: string | null } | null;
  readonly stage?: ModelStage | undefined;
  readonly base?: string | undefined;
  readonly after: string | null;
  readonly limit: number;
};

/** More than a person reads. */
const MOST_FILTERS = 500;

const hasVersion = (db: Postgres, condition: SQL) =>
  exists(
    db
      .select({ one: sql`1` })
      .from(registryVersions)
      .where(and(eq(registryVersions.modelId, registryModels.id), condition)),
  );

const tagged = (tags: AnyColumn, { key, value }: NonNullable<Query["tag"]>) =>
  value === null ? sql`jsonb_exists(${tags}, ${key})` : sql`${tags} ->> ${key} = ${value}`;

/** Models by name. */
export const createModelStore = (db: Postgres) => {
  const named = (projectId: string, name: string) =>
    and(eq(registryModels.projectId, projectId), eq(registryModels.name, name));

  return {
    list(projectId: string, { search, tag, stage, base, after, limit }: Query): Promise<ModelRow[]> {
      const like = `%${search.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
      return db
        .select()
        .from(registryModels)
        .where(
          and(
            eq(registryModels.projectId, projectId),
            search === ""
              ? undefined
              : sql`(${registryModels.name} ILIKE ${like} OR ${registryModels.description} ILIKE ${like}
                  OR ${registryModels.tags}::text ILIKE ${like} OR ${hasVersion(db, sql`(${registryVersions.notes} ILIKE ${like} OR ${registryVersions.tags}::text ILIKE ${like})`)})`,
            tag === null
              ? undefined
              : sql`(${tagged(registryModels.tags, tag)} OR ${hasVersion(db, tagged(registryVersions.tags, tag))})`,
            stage === undefined ? undefined : hasVersion(db, eq(registryVersions.stage, stage)),
            base === undefined ? undefined : hasVersion(db, eq(registryVersions.baseRef, base)),
            after === null ? undefined : gt(registryModels.name, after),
          ),
        )
        .orderBy(asc(registryModels.name))
        .limit(limit);
    },

    async find(projectId: string, name: string): Promise<ModelRow | undefined> {
      const [row] = await db.select().from(registryModels).where(named(projectId, name));
      return row;
    },

    /** Undefined when the project has a model of that name. */
    async create(row: ModelRow): Promise<ModelRow | undefined> {
      const [created] = await db.insert(registryModels).values(row).onConflictDoNothing().returning();
      return created;
    },

    async update(
      projectId: string,
      name: string,
      changes: Partial<Pick<ModelRow, "description" | "tags" | "keepVersions" | "retention" | "updatedAt">>,
    ): Promise<ModelRow | undefined> {
      const [row] = await db.update(registryModels).set(changes).where(named(projectId, name)).returning();
      return row;
    },

    /** The number of the next version. Concurrent requests wait. */
    async takeNumber(projectId: string, modelId: string): Promise<number> {
      const [row] = await db
        .update(registryModels)
        .set({ lastVersion: sql`${registryModels.lastVersion} + 1` })
        .where(and(eq(registryModels.projectId, projectId), eq(registryModels.id, modelId)))
        .returning({ number: registryModels.lastVersion });
      return row?.number ?? 1;
    },

    async delete(projectId: string, name: string): Promise<void> {
      await db.delete(registryModels).where(named(projectId, name));
    },

    async countVersions(modelIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
      if (modelIds.length === 0) return new Map();
      const rows = await db
        .select({ modelId: registryVersions.modelId, versions: count() })
        .from(registryVersions)
        .where(inArray(registryVersions.modelId, [...modelIds]))
        .groupBy(registryVersions.modelId);
      return new Map(rows.map(({ modelId, versions }) => [modelId, versions]));
    },
  };
};

/** The filter values for a list of models. */
export const createFilterStore = (db: Postgres) => ({
  /** The tags of models and versions, and the bases of versions. */
  async listFilters(projectId: string): Promise<ModelFilters> {
    const { rows: tags } = await db.execute<{ key: string; value: string }>(sql`
      SELECT DISTINCT tag.key, tag.value FROM (
        SELECT tags FROM registry_models WHERE project_id = ${projectId}
        UNION ALL SELECT tags FROM registry_versions WHERE project_id = ${projectId}
      ) AS tagged, jsonb_each_text(tagged.tags) AS tag ORDER BY tag.key, tag.value LIMIT ${MOST_FILTERS}`);
    const bases = await db
      .selectDistinct({ base: registryVersions.baseRef })
      .from(registryVersions)
      .where(and(eq(registryVersions.projectId, projectId), isNotNull(registryVersions.baseRef)))
      .orderBy(asc(registryVersions.baseRef))
      .limit(MOST_FILTERS);
    return { tags, bases: bases.flatMap(({ base }) => base ?? []) };
  },
});

type Settings = Omit<typeof registrySettings.$inferSelect, "projectId">;

/** The project's registry settings. */
export const createSettingsStore = (db: Postgres) => ({
  async needsApproval(projectId: string): Promise<boolean> {
    const [row] = await db.select().from(registrySettings).where(eq(registrySettings.projectId, projectId));
    return row?.needsApproval ?? false;
  },

  async find(projectId: string): Promise<Settings> {
    const [row] = await db.select().from(registrySettings).where(eq(registrySettings.projectId, projectId));
    return { needsApproval: row?.needsApproval ?? false, retention: row?.retention ?? null };
  },

  async saveSettings(projectId: string, settings: Settings): Promise<void> {
    await db
      .insert(registrySettings)
      .values({ projectId, ...settings })
      .onConflictDoUpdate({ target: registrySettings.projectId, set: settings });
  },
});
