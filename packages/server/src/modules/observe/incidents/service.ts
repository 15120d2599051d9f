import {
  type Incident,
  type IncidentEvent,
  type IncidentSnapshot,
  type IncidentSnapshotHead,
  parseFilter,
  type Severity,
} from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import { fromCursor, fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Acknowledgement } from "../../system/notifications/index.ts";
import { createPersonChanges } from "./change-by-person.ts";
import { createEvidenceJob } from "./collect-evidence.ts";
import { createIncidentComments } from "./comments.ts";
import type { IncidentsDeps } from "./deps.ts";
import { toEvent, toHead, toIncident } from "./present.ts";
import { createSink } from "./sink.ts";
import { beginSnapshot, EVIDENCE_KIND } from "./snapshots.ts";
import { createIncidentStore, type IncidentListing, type IncidentRow } from "./stores/incident-store.ts";
import { createEventStore, createSnapshotStore } from "./stores/record-stores.ts";
import { changeIncident, decisions, nameOf, recordStep } from "./transitions.ts";
import { createIncidentExport } from "./write-markdown.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };
type Listing = Page & Omit<IncidentListing, "limit" | "before">;
const pageOf = ({ limit, cursor }: Page) => ({
  limit: limit + 1,
  after: cursor === undefined ? null : fromTimeCursor(cursor),
});

/** Incidents: their life cycle, their timeline and their evidence. */
export function createIncidents(deps: IncidentsDeps) {
  deps.jobs.register(EVIDENCE_KIND, createEvidenceJob(deps));
  const rows = createReads(deps);
  const reads = { ...rows, ...createTimeline(deps, rows.find) };
  const comments = createIncidentComments(deps, reads.find);
  const snapshots = createSnapshots(deps, reads.find);
  return {
    ...reads,
    ...createPersonChanges(deps, reads.show),
    ...snapshots,
    ...createCalls(deps),
    ...createRolloutNotes(deps),
    sink: createSink(deps),
    comments,
    export: createIncidentExport({ ...reads, listComments: comments.list, getSnapshot: snapshots.getSnapshot }),
  };
}
export type Incidents = ReturnType<typeof createIncidents>;

function createReads({ db, namesOf }: IncidentsDeps) {
  const store = createIncidentStore(db);
  async function showAll({ projectId }: Scope, rows: readonly IncidentRow[]): Promise<Incident[]> {
    const owners = rows.flatMap(({ ownerId }) => ownerId ?? []);
    const names = await namesOf(projectId, [...new Set(owners)]);
    const snapshots = await createSnapshotStore(db).newestOf(
      projectId,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => toIncident(row, { names, snapshot: snapshots.get(row.id) }));
  }
  async function find({ projectId }: Scope, incidentId: string): Promise<IncidentRow> {
    const row = await store.find(projectId, incidentId);
    if (!row) throw notFound("incident", incidentId);
    return row;
  }
  const show = async (scope: Scope, row: IncidentRow): Promise<Incident> => {
    const [incident] = await showAll(scope, [row]);
    if (!incident) throw notFound("incident", row.id);
    return incident;
  };
  return {
    find,
    show,
    async list(scope: Scope, { limit, cursor, ...wanted }: Listing) {
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, { ...wanted, limit: limit + 1, before });
      const page = toPage(rows, limit, ({ openedAt, id }) => [openedAt.toISOString(), id]);
      return { ...page, items: await showAll(scope, page.items) };
    },
    get: async (scope: Scope, incidentId: string): Promise<Incident> => show(scope, await find(scope, incidentId)),
  };
}
type IncidentReads = ReturnType<typeof createReads>;

const createTimeline = ({ db, namesOf }: IncidentsDeps, find: IncidentReads["find"]) => ({
  async listEvents(scope: Scope, incidentId: string, page: Page) {
    await find(scope, incidentId);
    const after = page.cursor === undefined ? null : Number(fromCursor(page.cursor, 1)[0]);
    const query = { limit: page.limit + 1, after: after !== null && Number.isSafeInteger(after) ? after : null };
    const rows = await createEventStore(db).list(scope.projectId, incidentId, query);
    const { items, nextCursor } = toPage(rows, page.limit, ({ place }) => [place]);
    const names = await namesOf(scope.projectId, [...new Set(items.map(({ actor }) => actor))]);
    return { items: items.map((row): IncidentEvent => toEvent(row, names)), nextCursor };
  },
});

function createSnapshots(deps: IncidentsDeps, find: IncidentReads["find"]) {
  const { db, clock } = deps;
  const store = createSnapshotStore(db);
  return {
    async listSnapshots(scope: Scope, incidentId: string, page: Page) {
      await find(scope, incidentId);
      const rows = await store.list(scope.projectId, incidentId, pageOf(page));
      const { items, nextCursor } = toPage(rows, page.limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { items: items.map(toHead), nextCursor };
    },

    async getSnapshot(scope: Scope, incidentId: string, snapshotId: string): Promise<IncidentSnapshot> {
      const row = await store.find(scope.projectId, { incidentId, snapshotId });
      if (!row) throw notFound("snapshot of this incident", snapshotId);
      return { ...toHead(row), evidence: row.evidence };
    },

    /** Another snapshot, up to now or to the incident's end. */
    async collect(scope: Scope, incidentId: string): Promise<IncidentSnapshotHead> {
      const row = await find(scope, incidentId);
      const at = new Date(clock.now());
      const to = row.resolvedAt ?? at;
      return toHead(await db.transaction((tx) => beginSnapshot(deps, tx, { scope, row, to, at })));
    },
  };
}

/** What other modules call. */
function createCalls(deps: IncidentsDeps) {
  const { db, clock } = deps;
  return {
    /**
     * Acknowledges for the person behind a signed link of a notification, who is not signed in. Acknowledging twice, or
     * after the end, changes nothing.
     */
    async acknowledgeBySubject(projectId: string, incidentId: string, by: string): Promise<Acknowledgement> {
      const existing = await createIncidentStore(db).find(projectId, incidentId);
      if (!existing) return "not-found";
      if (existing.state !== "open") return "already-acknowledged";
      const scope: Scope = { ...systemScope(projectId), actor: by };
      const person = { actor: by, by: await nameOf(deps, projectId, by) };
      const decide = decisions.acknowledge({ ...person, note: "", at: new Date(clock.now()) });
      await db.transaction((tx) =>
        changeIncident(deps, tx, {
          scope,
          incidentId,
          decide: (current) => (current.state === "resolved" ? null : decide(current)),
          action: "incident.acknowledge",
        }),
      );
      return "acknowledged";
    },

    /** The severities of the unresolved incidents of one endpoint: by their filter, or by their label `endpoint`. */
    async openSeveritiesOf(projectId: string, endpoint: string): Promise<Severity[]> {
      const query = { state: "unresolved", limit: MOST_OPEN, before: null } as const;
      const rows = await createIncidentStore(db).list(projectId, query);
      return rows.filter((row) => concerns(row, endpoint)).map(({ severity }) => severity);
    },
  };
}

/** More open incidents than this are not read for a status page. */
const MOST_OPEN = 500;

function concerns({ filter, labels }: Pick<IncidentRow, "filter" | "labels">, endpoint: string): boolean {
  if (labels.endpoint === endpoint) return true;
  const tree = parseFilter(filter ?? "").filter;
  const terms = tree?.type === "and" ? tree.nodes : tree ? [tree] : [];
  return terms.some(
    (term) =>
      term.type === "field" && term.field === "endpoint" && term.operator === ":" && term.values[0] === endpoint,
  );
}

const createRolloutNotes = (deps: IncidentsDeps) => ({
  /** Within the transaction in which a rollout reacts to the monitor of the incident. */
  async noteRollout(tx: Postgres, scope: Scope, { incidentId, rolloutId, text }: RolloutNote): Promise<void> {
    const row = await createIncidentStore(tx).find(scope.projectId, incidentId);
    if (!row) return;
    const at = new Date(deps.clock.now());
    const step = { kind: "rollout", text, actor: scope.actor, at, path: `/rollouts/${rolloutId}` } as const;
    await recordStep(deps, tx, { scope, row, step });
  },
});
type RolloutNote = { readonly incidentId: string; readonly rolloutId: string; readonly text: string };
