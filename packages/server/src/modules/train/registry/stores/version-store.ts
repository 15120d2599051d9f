import type { ModelFile, ModelStage } from "@treadle/contract";
import { and, asc, desc, eq, inArray, isNull, lt, ne, notExists, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { registryAliases, registryConversions, registryFiles, registryModels, registryVersions } from "./schema.ts";

export type VersionRow = typeof registryVersions.$inferSelect;
export type ServedRow = Pick<
  VersionRow,
  | "id"
  | "number"
  | "method"
  | "sha256"
  | "format"
  | "ggufSha256"
  | "remote"
  | "baseHash"
  | "baseVersionId"
  | "baseRef"
  | "filesRemovedAt"
> & {
  readonly name: string;
  /** Of the last GGUF that was made of it, if any. */
  readonly convertedSha256: string | null;
  /** Whether it has the files that transformers.js answers with. */
  readonly isOnnx: boolean;
};
/** Where a version stands, and the run that made it. */
export type MadeVersion = { readonly name: string; readonly version: number; readonly runId: string | null };
type Changes = Partial<Pick<VersionRow, "notes" | "limits" | "license" | "tags" | "evaluation" | "stage">>;

const CONVERTED = sql<string | null>`(
  SELECT made.files->0->>'sha256' FROM registry_conversions made
  WHERE made.version_id = ${registryVersions.id} AND made.format = 'gguf' ORDER BY made.created_at DESC LIMIT 1
)`;
const IS_ONNX = sql<boolean>`(
  SELECT count(*) FILTER (WHERE file.path IN ('config.json', 'tokenizer.json')) = 2
    AND count(*) FILTER (WHERE file.path IN ('onnx/model.onnx', 'onnx/model_quantized.onnx')) > 0
  FROM registry_files file WHERE file.version_id = ${registryVersions.id}
)`;

/** Versions. */
export const createVersionStore = (db: Postgres) => ({
  list(
    modelId: string,
    { stage, before, limit }: { stage?: ModelStage | undefined; before: number | null; limit: number },
  ): Promise<VersionRow[]> {
    return db
      .select()
      .from(registryVersions)
      .where(
        and(
          eq(registryVersions.modelId, modelId),
          stage === undefined ? undefined : eq(registryVersions.stage, stage),
          before === null ? undefined : lt(registryVersions.number, before),
        ),
      )
      .orderBy(desc(registryVersions.number))
      .limit(limit);
  },

  async find(modelId: string, number: number): Promise<VersionRow | undefined> {
    const [row] = await db
      .select()
      .from(registryVersions)
      .where(and(eq(registryVersions.modelId, modelId), eq(registryVersions.number, number)));
    return row;
  },

  async findLatest(modelIds: readonly string[]): Promise<ReadonlyMap<string, VersionRow>> {
    if (modelIds.length === 0) return new Map();
    const rows = await db
      .selectDistinctOn([registryVersions.modelId])
      .from(registryVersions)
      .where(inArray(registryVersions.modelId, [...modelIds]))
      .orderBy(registryVersions.modelId, desc(registryVersions.number));
    return new Map(rows.map((row) => [row.modelId, row]));
  },

  async findByRun(projectId: string, runId: string): Promise<{ name: string; version: number } | undefined> {
    const [row] = await db
      .select({ name: registryModels.name, version: registryVersions.number })
      .from(registryVersions)
      .innerJoin(registryModels, eq(registryModels.id, registryVersions.modelId))
      .where(and(eq(registryVersions.projectId, projectId), eq(registryVersions.runId, runId)));
    return row;
  },

  /** Where versions stand, by their ids. */
  async namesOf(
    projectId: string,
    versionIds: readonly string[],
  ): Promise<ReadonlyMap<string, { name: string; version: number }>> {
    if (versionIds.length === 0) return new Map();
    const rows = await db
      .select({ id: registryVersions.id, name: registryModels.name, version: registryVersions.number })
      .from(registryVersions)
      .innerJoin(registryModels, eq(registryModels.id, registryVersions.modelId))
      .where(and(eq(registryVersions.projectId, projectId), inArray(registryVersions.id, [...versionIds])));
    return new Map(rows.map(({ id, ...named }) => [id, named]));
  },
});

/** Versions as the gateway serves them. */
export const createServedStore = (db: Postgres) => ({
  /** All of a project, with what the gateway needs to know of them. */
  listServed(projectId: string): Promise<ServedRow[]> {
    const { id, number, method, sha256, format, ggufSha256, remote } = registryVersions;
    const { baseHash, baseVersionId, baseRef, filesRemovedAt } = registryVersions;
    return db
      .select({
        id,
        number,
        method,
        sha256,
        format,
        ggufSha256,
        remote,
        baseHash,
        baseVersionId,
        baseRef,
        filesRemovedAt,
        name: registryModels.name,
        convertedSha256: CONVERTED,
        isOnnx: IS_ONNX,
      })
      .from(registryVersions)
      .innerJoin(registryModels, eq(registryModels.id, registryVersions.modelId))
      .where(eq(registryVersions.projectId, projectId))
      .orderBy(asc(registryModels.name), asc(registryVersions.number));
  },
});

/** The bases of versions. */
export const createBaseStore = (db: Postgres) => ({
  async listByIds(projectId: string, versionIds: readonly string[]): Promise<VersionRow[]> {
    if (versionIds.length === 0) return [];
    return db
      .select()
      .from(registryVersions)
      .where(and(eq(registryVersions.projectId, projectId), inArray(registryVersions.id, [...versionIds])));
  },
});

/** The versions that resulted from data. */
export const createMadeStore = (db: Postgres) => ({
  /** Newest first: those that were trained on rows of a dataset; with a root, on just that version of it. */
  listMadeOf(
    projectId: string,
    { datasetId, root }: { datasetId: string; root: string | null },
    limit: number,
  ): Promise<MadeVersion[]> {
    return db
      .select({ name: registryModels.name, version: registryVersions.number, runId: registryVersions.runId })
      .from(registryVersions)
      .innerJoin(registryModels, eq(registryModels.id, registryVersions.modelId))
      .where(
        and(
          eq(registryVersions.projectId, projectId),
          sql`${registryVersions.data} @> ${JSON.stringify([root === null ? { datasetId } : { datasetId, root }])}::jsonb`,
        ),
      )
      .orderBy(desc(registryVersions.createdAt), desc(registryVersions.id))
      .limit(limit);
  },
});

/** Changes of versions. */
export const createVersionWriter = (db: Postgres) => ({
  async create(row: VersionRow, files: readonly ModelFile[]): Promise<void> {
    await db.insert(registryVersions).values(row);
    if (files.length > 0) await db.insert(registryFiles).values(files.map((file) => ({ versionId: row.id, ...file })));
  },

  async update(projectId: string, versionId: string, changes: Changes): Promise<VersionRow | undefined> {
    const here = and(eq(registryVersions.projectId, projectId), eq(registryVersions.id, versionId));
    if (Object.keys(changes).length > 0) {
      const [row] = await db.update(registryVersions).set(changes).where(here).returning();
      return row;
    }
    const [row] = await db.select().from(registryVersions).where(here);
    return row;
  },

  async findById(versionId: string): Promise<VersionRow | undefined> {
    const [row] = await db.select().from(registryVersions).where(eq(registryVersions.id, versionId));
    return row;
  },

  /** Versions that depend on this version. */
  listAbove(versionId: string): Promise<{ name: string; version: number }[]> {
    return db
      .select({ name: registryModels.name, version: registryVersions.number })
      .from(registryVersions)
      .innerJoin(registryModels, eq(registryModels.id, registryVersions.modelId))
      .where(eq(registryVersions.baseVersionId, versionId));
  },

  /** Versions of other models that depend on a version of this model. */
  async listAboveModel(modelId: string): Promise<{ name: string; version: number; over: number }[]> {
    const below = alias(registryVersions, "below");
    return db
      .select({ name: registryModels.name, version: registryVersions.number, over: below.number })
      .from(registryVersions)
      .innerJoin(below, eq(below.id, registryVersions.baseVersionId))
      .innerJoin(registryModels, eq(registryModels.id, registryVersions.modelId))
      .where(and(eq(below.modelId, modelId), ne(registryVersions.modelId, modelId)))
      .orderBy(asc(registryModels.name), asc(registryVersions.number));
  },

  async delete(projectId: string, versionId: string): Promise<void> {
    await db
      .delete(registryVersions)
      .where(and(eq(registryVersions.projectId, projectId), eq(registryVersions.id, versionId)));
  },

  /** Versions beyond the newest `keep` that no alias, stage or adapter needs. */
  listPast(modelId: string, keep: number): Promise<VersionRow[]> {
    const above = db
      .select({ one: sql`1` })
      .from(sql`registry_versions AS above`)
      .where(sql`above.base_version_id = ${registryVersions.id}`);
    const named = db
      .select({ one: sql`1` })
      .from(registryAliases)
      .where(eq(registryAliases.versionId, registryVersions.id));
    return db
      .select()
      .from(registryVersions)
      .where(
        and(
          eq(registryVersions.modelId, modelId),
          ne(registryVersions.stage, "production"),
          ne(registryVersions.stage, "staging"),
          notExists(named),
          notExists(above),
          sql`${registryVersions.number} NOT IN (SELECT number FROM registry_versions WHERE model_id = ${modelId} ORDER BY number DESC LIMIT ${keep})`,
        ),
      );
  },
});

/** The files of versions. */
export const createFileStore = (db: Postgres) => ({
  listFiles(versionId: string): Promise<ModelFile[]> {
    const { path, sizeBytes, sha256 } = registryFiles;
    return db
      .select({ path, sizeBytes, sha256 })
      .from(registryFiles)
      .where(eq(registryFiles.versionId, versionId))
      .orderBy(asc(path));
  },

  /** The contents that a version or conversion of any project still uses: contents are stored once. */
  async listUsed(hashes: readonly string[]): Promise<ReadonlySet<string>> {
    if (hashes.length === 0) return new Set();
    const rows = await db
      .selectDistinct({ sha256: registryFiles.sha256 })
      .from(registryFiles)
      .innerJoin(registryVersions, eq(registryVersions.id, registryFiles.versionId))
      .where(and(inArray(registryFiles.sha256, [...hashes]), isNull(registryVersions.filesRemovedAt)));
    const made = await db
      .select({ files: registryConversions.files })
      .from(registryConversions)
      .where(
        sql`EXISTS (SELECT 1 FROM jsonb_array_elements(${registryConversions.files}) file WHERE ${inArray(sql`file->>'sha256'`, [...hashes])})`,
      );
    return new Set([...rows, ...made.flatMap(({ files }) => files)].map(({ sha256 }) => sha256));
  },
});
