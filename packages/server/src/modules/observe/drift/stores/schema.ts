import type { DriftExplanation, DriftSource, InvestigationState } from "@treadle/contract";
import { boolean, index, integer, jsonb, pgTable, text, timestamp, unique } from "drizzle-orm/pg-core";
import type { DriftItem, ReferenceModel } from "../analysis/drift-item.ts";
import type { StoredResult } from "./stored-result.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const driftWatches = pgTable(
  "drift_watches",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    endpoint: text("endpoint").notNull(),
    filter: text("filter").notNull(),
    side: text("side").$type<"inputs" | "outputs">().notNull(),
    sampleSize: integer("sample_size").notNull(),
    tenantKey: text("tenant_key").notNull(),
    labels: jsonb("labels").$type<Record<string, string>>().notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("drift_watches_newest").on(table.projectId, table.createdAt, table.id)],
);

/** A version of a watch's reference. Its texts are read once, and only their facts and vectors are stored. */
export const driftReferences = pgTable(
  "drift_references",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    watchId: text("watch_id").notNull(),
    version: integer("version").notNull(),
    source: jsonb("source").$type<DriftSource>().notNull(),
    texts: integer("texts"),
    items: jsonb("items").$type<readonly DriftItem[]>(),
    model: jsonb("model").$type<ReferenceModel>(),
    vectorSize: integer("vector_size"),
    vectors: text("vectors"),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [unique("drift_references_version").on(table.watchId, table.version)],
);

export const driftRuns = pgTable(
  "drift_runs",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    watchId: text("watch_id").notNull(),
    day: text("day").notNull(),
    referenceVersion: integer("reference_version").notNull(),
    jobId: text("job_id").notNull(),
    verdict: text("verdict").$type<"not-enough-data" | "stable" | "changed" | "confirmed">(),
    result: jsonb("result").$type<StoredResult>(),
    createdAt: time("created_at").notNull(),
    finishedAt: time("finished_at"),
  },
  (table) => [unique("drift_runs_day").on(table.watchId, table.day)],
);

/** The vectors of a watch's last run. They have no texts. */
export const driftVectors = pgTable("drift_vectors", {
  watchId: text("watch_id").primaryKey(),
  projectId: text("project_id").notNull(),
  keys: jsonb("keys").$type<readonly string[]>().notNull(),
  vectorSize: integer("vector_size").notNull(),
  vectors: text("vectors").notNull(),
});

export const driftInvestigations = pgTable(
  "drift_investigations",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    watchId: text("watch_id").notNull(),
    state: text("state").$type<InvestigationState>().notNull(),
    title: text("title").notNull(),
    firstDay: text("first_day").notNull(),
    lastDay: text("last_day").notNull(),
    signals: jsonb("signals").$type<readonly string[]>().notNull(),
    summary: jsonb("summary").$type<readonly string[]>().notNull(),
    explanations: jsonb("explanations").$type<readonly DriftExplanation[]>().notNull(),
    note: text("note").notNull(),
    owner: text("owner"),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
    closedAt: time("closed_at"),
  },
  (table) => [index("drift_investigations_newest").on(table.projectId, table.createdAt, table.id)],
);
