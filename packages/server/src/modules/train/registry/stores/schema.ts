import type {
  ConversionCheck,
  ConversionFormat,
  ModelData,
  ModelEvaluation,
  ModelFile,
  ModelFormat,
  ModelRetention,
  ModelRetentionChoice,
  ModelStage,
  ModelTraining,
  RegistryModelFacts,
  RemoteModel,
  ScanFinding,
  StageRequestState,
} from "@treadle/contract";
import { bigint, boolean, integer, jsonb, pgTable, primaryKey, text, timestamp, unique } from "drizzle-orm/pg-core";
import type { z } from "zod";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const bytes = (name: string) => bigint(name, { mode: "number" });
type Tags = Record<string, string>;

export const registryModels = pgTable(
  "registry_models",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    tags: jsonb("tags").$type<Tags>().notNull(),
    keepVersions: integer("keep_versions"),
    retention: jsonb("retention").$type<ModelRetentionChoice>().notNull(),
    lastVersion: integer("last_version").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [unique().on(table.projectId, table.name)],
);

export const registryVersions = pgTable(
  "registry_versions",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    modelId: text("model_id").notNull(),
    number: integer("number").notNull(),
    format: text("format").$type<ModelFormat>().notNull(),
    formats: jsonb("formats").$type<ModelFormat[]>().notNull(),
    stage: text("stage").$type<ModelStage>().notNull(),
    facts: jsonb("facts").$type<RegistryModelFacts>().notNull(),
    baseRef: text("base_ref"),
    baseHash: text("base_hash"),
    baseVersionId: text("base_version_id"),
    baseLicense: text("base_license"),
    data: jsonb("data").$type<ModelData[]>().notNull(),
    training: jsonb("training").$type<ModelTraining>(),
    runId: text("run_id"),
    method: text("method").notNull(),
    source: text("source").notNull(),
    sizeBytes: bytes("size_bytes").notNull(),
    fileCount: integer("file_count").notNull(),
    sha256: text("sha256").notNull(),
    ggufSha256: text("gguf_sha256"),
    remote: jsonb("remote").$type<RemoteModel>(),
    tags: jsonb("tags").$type<Tags>().notNull(),
    notes: text("notes").notNull(),
    limits: text("limits").notNull(),
    license: text("license"),
    evaluation: jsonb("evaluation").$type<z.infer<typeof ModelEvaluation>>(),
    findings: jsonb("findings").$type<ScanFinding[]>().notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    filesRemovedAt: time("files_removed_at"),
  },
  (table) => [unique().on(table.modelId, table.number)],
);

export const registryFiles = pgTable(
  "registry_files",
  {
    versionId: text("version_id").notNull(),
    path: text("path").notNull(),
    sizeBytes: bytes("size_bytes").notNull(),
    sha256: text("sha256").notNull(),
  },
  (table) => [primaryKey({ columns: [table.versionId, table.path] })],
);

export const registryConversions = pgTable(
  "registry_conversions",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    versionId: text("version_id").notNull(),
    format: text("format").$type<ConversionFormat>().notNull(),
    quantization: text("quantization").notNull(),
    files: jsonb("files").$type<ModelFile[]>().notNull(),
    sizeBytes: bytes("size_bytes").notNull(),
    sha256: text("sha256").notNull(),
    checks: jsonb("checks").$type<ConversionCheck[]>().notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [unique().on(table.versionId, table.format, table.quantization)],
);

export const registryAliases = pgTable(
  "registry_aliases",
  {
    modelId: text("model_id").notNull(),
    alias: text("alias").notNull(),
    versionId: text("version_id").notNull(),
    number: integer("number").notNull(),
    movedBy: text("moved_by").notNull(),
    movedAt: time("moved_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.alias] })],
);

export const registryAliasMoves = pgTable("registry_alias_moves", {
  id: text("id").primaryKey(),
  modelId: text("model_id").notNull(),
  alias: text("alias").notNull(),
  fromNumber: integer("from_number"),
  toNumber: integer("to_number"),
  movedBy: text("moved_by").notNull(),
  movedAt: time("moved_at").notNull(),
  reason: text("reason").notNull(),
});

export const registryStageRequests = pgTable("registry_stage_requests", {
  id: text("id").primaryKey(),
  projectId: text("project_id").notNull(),
  versionId: text("version_id").notNull(),
  name: text("name").notNull(),
  number: integer("number").notNull(),
  stage: text("stage").$type<ModelStage>().notNull(),
  state: text("state").$type<StageRequestState>().notNull(),
  note: text("note").notNull(),
  proposedBy: text("proposed_by").notNull(),
  proposedAt: time("proposed_at").notNull(),
  decidedBy: text("decided_by"),
  decidedAt: time("decided_at"),
  decisionNote: text("decision_note").notNull(),
});

export const registrySettings = pgTable("registry_settings", {
  projectId: text("project_id").primaryKey(),
  needsApproval: boolean("needs_approval").notNull(),
  retention: jsonb("retention").$type<ModelRetention>(),
});

export const registryUploads = pgTable("registry_uploads", {
  id: text("id").primaryKey(),
  projectId: text("project_id").notNull(),
  files: jsonb("files").$type<{ path: string; sizeBytes: number }[]>().notNull(),
  createdBy: text("created_by").notNull(),
  expiresAt: time("expires_at").notNull(),
});

export const registryUploadParts = pgTable(
  "registry_upload_parts",
  {
    uploadId: text("upload_id").notNull(),
    file: integer("file").notNull(),
    part: integer("part").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    sha256: text("sha256").notNull(),
  },
  (table) => [primaryKey({ columns: [table.uploadId, table.file, table.part] })],
);
