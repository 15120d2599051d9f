import type {
  DocumentFinding,
  KnowledgeIndexing,
  KnowledgeReading,
  KnowledgeSearching,
  KnowledgeSource,
  KnowledgeSync,
} from "@treadle/contract";
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from "drizzle-orm/pg-core";
import type { SourceSettings } from "./source-settings.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const knowledgeBases = pgTable(
  "knowledge_bases",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    metadata: jsonb("metadata").$type<Readonly<Record<string, string>>>().notNull(),
    reading: jsonb("reading").$type<KnowledgeReading>().notNull(),
    indexing: jsonb("indexing").$type<KnowledgeIndexing>().notNull(),
    searching: jsonb("searching").$type<KnowledgeSearching>().notNull(),
    goesLive: boolean("goes_live").notNull(),
    liveVersion: integer("live_version"),
    /** Counts the changes of who may find what. */
    accessRevision: integer("access_revision").notNull(),
    /** Counts the finished index jobs. */
    builds: integer("builds").notNull(),
    jobId: text("job_id"),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    unique().on(table.projectId, table.name),
    index("knowledge_bases_newest").on(table.projectId, table.createdAt, table.id),
  ],
);

export const knowledgeSources = pgTable(
  "knowledge_sources",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    baseId: text("base_id").notNull(),
    kind: text("kind").$type<KnowledgeSource["kind"]>().notNull(),
    name: text("name").notNull(),
    settings: jsonb("settings").$type<SourceSettings>().notNull(),
    /** Sealed. */
    secret: text("secret"),
    principals: text("principals").array().notNull(),
    everySeconds: integer("every_seconds"),
    isEnabled: boolean("is_enabled").notNull(),
    lastSync: jsonb("last_sync").$type<KnowledgeSync>(),
    jobId: text("job_id"),
    nextSyncAt: time("next_sync_at"),
    deletedAt: time("deleted_at"),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("knowledge_sources_due").on(table.projectId, table.nextSyncAt)],
);

/** The sizes of a document's chunks. */
export type DocumentChunking = { readonly chunkTokens: number; readonly overlap: number };

/** What parsing found. */
export type DocumentFacts = {
  readonly format: string;
  readonly characters: number;
  readonly pages: number | null;
  readonly language: string | null;
  readonly warnings: readonly string[];
  /** Absent for a document that was read before checks existed. */
  readonly findings?: readonly DocumentFinding[];
};

/** The file of a deleted document, once all that was stored of the document is deleted. */
export const PURGED = "";

export const knowledgeDocuments = pgTable(
  "knowledge_documents",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    baseId: text("base_id").notNull(),
    sourceId: text("source_id").notNull(),
    /** Its name within the source. */
    key: text("key").notNull(),
    title: text("title").notNull(),
    /** The title that a person or the source gave. Null if the title comes from the text or the name. */
    ownTitle: text("own_title"),
    mediaType: text("media_type").notNull(),
    etag: text("etag").notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    contentHash: text("content_hash").notNull(),
    contentObject: text("content_object").notNull(),
    /** The uploaded file that it was made from. */
    fileId: text("file_id"),
    /** Null if its chunks have the sizes of the base. */
    chunking: jsonb("chunking").$type<DocumentChunking>(),
    state: text("state").$type<"waiting" | "parsed" | "indexed" | "failed" | "quarantined">().notNull(),
    error: text("error"),
    /** No search finds a document with a time here, whatever its state is. */
    quarantinedAt: time("quarantined_at"),
    /** The content that a person released. */
    releasedHash: text("released_hash"),
    parsedObject: text("parsed_object"),
    facts: jsonb("facts").$type<DocumentFacts>(),
    chunks: integer("chunks"),
    principals: text("principals").array().notNull(),
    metadata: jsonb("metadata").$type<Readonly<Record<string, string | number | boolean>>>().notNull(),
    /** The job that stored its bytes. Null for uploads. */
    syncId: text("sync_id"),
    /** Since when its source no longer has it, while the deletion waits for an approval. */
    vanishedAt: time("vanished_at"),
    deletedAt: time("deleted_at"),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("knowledge_documents_newest").on(table.baseId, table.createdAt, table.id)],
);

/** The chunks of a parsed document with certain options. */
export const knowledgeSegments = pgTable(
  "knowledge_segments",
  {
    documentId: text("document_id").notNull(),
    optionsHash: text("options_hash").notNull(),
    /** Of the parsed document and its title. */
    inputHash: text("input_hash").notNull(),
    projectId: text("project_id").notNull(),
    baseId: text("base_id").notNull(),
    object: text("object").notNull(),
    /** Of its chunks without their vectors, whose last bits depend on the machine. */
    contentHash: text("content_hash").notNull(),
    embedderHash: text("embedder_hash").notNull(),
    parsedObject: text("parsed_object").notNull(),
    chunks: integer("chunks").notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.documentId, table.optionsHash, table.inputHash] })],
);

export type VersionEmbedder = { readonly model: string; readonly dimensions: number; readonly hash: string };
export type VersionCounts = {
  readonly documents: number;
  readonly chunks: number;
  readonly embeddedChunks: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
};

export const knowledgeVersions = pgTable(
  "knowledge_versions",
  {
    baseId: text("base_id").notNull(),
    version: integer("version").notNull(),
    projectId: text("project_id").notNull(),
    state: text("state").$type<"ready" | "pruned">().notNull(),
    contentHash: text("content_hash").notNull(),
    manifestObject: text("manifest_object").notNull(),
    indexing: jsonb("indexing").$type<KnowledgeIndexing>().notNull(),
    embedder: jsonb("embedder").$type<VersionEmbedder>().notNull(),
    counts: jsonb("counts").$type<VersionCounts>().notNull(),
    jobId: text("job_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.baseId, table.version] })],
);
