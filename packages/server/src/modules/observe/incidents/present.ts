import type { Incident, IncidentEvent, IncidentSnapshotHead } from "@treadle/contract";
import type { EventRow } from "./stores/event-store.ts";
import type { IncidentRow } from "./stores/incident-store.ts";
import type { SnapshotHeadRow } from "./stores/snapshot-store.ts";

type Names = ReadonlyMap<string, string>;
const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
const toPerson = (actorId: string, names: Names) => ({ actorId, name: names.get(actorId) ?? actorId });

type Shown = { readonly names: Names; readonly snapshot: SnapshotHeadRow | undefined };

export const toIncident = (row: IncidentRow, { names, snapshot }: Shown): Incident => ({
  incidentId: row.id,
  state: row.state,
  severity: row.severity,
  title: row.title,
  text: row.text,
  source: { kind: row.sourceKind, sourceId: row.sourceId, name: row.sourceName, series: row.series },
  owner: row.ownerId === null ? null : toPerson(row.ownerId, names),
  labels: row.labels,
  facts: row.facts,
  filter: row.filter,
  measure: row.measure,
  runbookUrl: row.runbookUrl,
  isMuted: row.isMuted,
  from: row.from.toISOString(),
  openedAt: row.openedAt.toISOString(),
  acknowledgedAt: iso(row.acknowledgedAt),
  resolvedAt: iso(row.resolvedAt),
  reopenings: row.reopenings,
  evidence: snapshot === undefined ? null : toHead(snapshot),
  updatedAt: row.updatedAt.toISOString(),
});

export const toHead = (row: SnapshotHeadRow): IncidentSnapshotHead => ({
  snapshotId: row.id,
  state: row.state,
  error: row.error,
  from: row.from.toISOString(),
  to: row.to.toISOString(),
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  collectedAt: iso(row.collectedAt),
});

export const toEvent = (row: EventRow, names: Names): IncidentEvent => ({
  eventId: row.id,
  at: row.at.toISOString(),
  kind: row.kind,
  text: row.text,
  actor: toPerson(row.actor, names),
  path: row.path,
});
