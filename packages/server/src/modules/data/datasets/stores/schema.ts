import type { ChangeCounts, DatasetSchema, DatasetStats, DraftStep, SpanMapping } from "@treadle/contract";
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { ChunkStats } from "./chunk-stats.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const datasets = pgTable(
  "datasets",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    isEvaluation: boolean("is_evaluation").notNull(),
    schema: jsonb("schema").$type<DatasetSchema>().notNull(),
    secret: text("secret").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [uniqueIndex("datasets_name").on(table.projectId, table.name)],
);

/** A branch with the head of its draft. */
export const datasetBranches = pgTable(
  "dataset_branches",
  {
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    name: text("name").notNull(),
    head: integer("head"),
    base: integer("base"),
    revision: integer("revision").notNull(),
    applied: integer("applied").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.datasetId, table.name] })],
);

export const datasetDraftSteps = pgTable(
  "dataset_draft_steps",
  {
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    branch: text("branch").notNull(),
    ordinal: integer("ordinal").notNull(),
    kind: text("kind").$type<DraftStep["kind"]>().notNull(),
    summary: text("summary").notNull(),
    counts: jsonb("counts").$type<ChangeCounts>().notNull(),
    recipe: jsonb("recipe").$type<unknown>(),
    manifestSha: text("manifest_sha").notNull(),
    root: text("root").notNull(),
    rows: bigint("rows", { mode: "number" }).notNull(),
    author: text("author").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.datasetId, table.branch, table.ordinal] })],
);

export const datasetVersions = pgTable(
  "dataset_versions",
  {
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    number: integer("number").notNull(),
    root: text("root").notNull(),
    manifestSha: text("manifest_sha").notNull(),
    rows: bigint("rows", { mode: "number" }).notNull(),
    branch: text("branch").notNull(),
    parent: integer("parent"),
    mergedFrom: integer("merged_from"),
    message: text("message").notNull(),
    author: text("author").notNull(),
    createdAt: time("created_at").notNull(),
    stats: jsonb("stats").$type<DatasetStats>().notNull(),
    steps: jsonb("steps").$type<DraftStep[]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.datasetId, table.number] }),
    index("dataset_versions_root").on(table.datasetId, table.root),
  ],
);

export const datasetTags = pgTable(
  "dataset_tags",
  {
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    name: text("name").notNull(),
    number: integer("number").notNull(),
  },
  (table) => [primaryKey({ columns: [table.datasetId, table.name] })],
);

export const datasetReviews = pgTable(
  "dataset_reviews",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    branch: text("branch").notNull(),
    number: integer("number").notNull(),
    verdict: text("verdict").$type<"approve" | "reject">().notNull(),
    comment: text("comment").notNull(),
    reviewer: text("reviewer").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [index("dataset_reviews_branch").on(table.datasetId, table.branch, table.createdAt)],
);

/** Every object of a project's datasets, so that those which nothing holds any more can be found. */
export const datasetChunks = pgTable(
  "dataset_chunks",
  {
    projectId: text("project_id").notNull(),
    object: text("object").notNull(),
    rows: integer("rows").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    stats: jsonb("stats").$type<ChunkStats>().notNull(),
    indexedAt: time("indexed_at"),
    touchedAt: time("touched_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.object] }),
    index("dataset_chunks_object").on(table.object),
    index("dataset_chunks_touched").on(table.touchedAt),
  ],
);

export const datasetManifests = pgTable(
  "dataset_manifests",
  {
    projectId: text("project_id").notNull(),
    sha: text("sha").notNull(),
    touchedAt: time("touched_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.sha] }),
    index("dataset_manifests_touched").on(table.touchedAt),
  ],
);

export const datasetLiveLinks = pgTable(
  "dataset_live_links",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    branch: text("branch").notNull(),
    filter: text("filter").notNull(),
    mapping: jsonb("mapping").$type<SpanMapping>().notNull(),
    share: doublePrecision("share").notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    itemsAdded: integer("items_added").notNull(),
    lastError: text("last_error").notNull(),
    placeMs: bigint("place_ms", { mode: "number" }).notNull(),
    placeTraceId: text("place_trace_id").notNull(),
    placeSpanId: text("place_span_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [index("dataset_live_links_dataset").on(table.datasetId, table.createdAt, table.id)],
);
