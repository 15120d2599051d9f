import type {
  AlertLabels,
  Incident,
  IncidentEvent,
  IncidentEvidence,
  IncidentSnapshotHead,
  IncidentSourceKind,
  IncidentState,
  Severity,
} from "@treadle/contract";
import { bigint, boolean, index, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const incidents = pgTable(
  "incidents",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    sourceKind: text("source_kind").$type<IncidentSourceKind>().notNull(),
    sourceId: text("source_id").notNull(),
    sourceName: text("source_name").notNull(),
    series: text("series").notNull(),
    state: text("state").$type<IncidentState>().notNull(),
    severity: text("severity").$type<Severity>().notNull(),
    title: text("title").notNull(),
    text: text("text").notNull(),
    ownerId: text("owner_id"),
    labels: jsonb("labels").$type<AlertLabels>().notNull(),
    facts: jsonb("facts").$type<Incident["facts"]>().notNull(),
    filter: text("filter"),
    measure: text("measure"),
    runbookUrl: text("runbook_url"),
    isMuted: boolean("is_muted").notNull(),
    from: time("from_time").notNull(),
    openedAt: time("opened_at").notNull(),
    acknowledgedAt: time("acknowledged_at"),
    resolvedAt: time("resolved_at"),
    reopenings: integer("reopenings").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    index("incidents_newest").on(table.projectId, table.openedAt, table.id),
    index("incidents_source").on(table.projectId, table.sourceKind, table.sourceId, table.series, table.resolvedAt),
  ],
);

/** Rows never change. */
export const incidentEvents = pgTable(
  "incident_events",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    incidentId: text("incident_id").notNull(),
    at: time("at").notNull(),
    kind: text("kind").$type<IncidentEvent["kind"]>().notNull(),
    text: text("text").notNull(),
    actor: text("actor").notNull(),
    path: text("path"),
    /** The order of recording. Steps of one transaction have the same time. */
    place: bigint("place", { mode: "number" }).generatedAlwaysAsIdentity(),
  },
  (table) => [index("incident_events_order").on(table.incidentId, table.place)],
);

/** A row does not change after it is ready. */
export const incidentSnapshots = pgTable(
  "incident_snapshots",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    incidentId: text("incident_id").notNull(),
    state: text("state").$type<IncidentSnapshotHead["state"]>().notNull(),
    error: text("error").notNull(),
    from: time("from_time").notNull(),
    to: time("to_time").notNull(),
    evidence: jsonb("evidence").$type<IncidentEvidence>(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    collectedAt: time("collected_at"),
  },
  (table) => [index("incident_snapshots_newest").on(table.incidentId, table.createdAt, table.id)],
);
