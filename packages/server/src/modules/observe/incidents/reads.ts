import type { Incident, IncidentEvent } from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import { fromCursor, fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { IncidentsDeps } from "./deps.ts";
import { toEvent, toIncident } from "./present.ts";
import { createEventStore } from "./stores/event-store.ts";
import { createIncidentStore, type IncidentListing, type IncidentRow } from "./stores/incident-store.ts";
import { createSnapshotStore } from "./stores/snapshot-store.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };
type Listing = Page & Omit<IncidentListing, "limit" | "before">;

/** Incidents and their timelines, as they are read. */
export function createReads(deps: IncidentsDeps) {
  const store = createIncidentStore(deps.db);
  const showAll = createPresenter(deps);
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
    ...createTimeline(deps, find),
  };
}
export type IncidentReads = ReturnType<typeof createReads>;

/** Rows with the names of their owners and their newest evidence. */
const createPresenter =
  ({ db, namesOf }: IncidentsDeps) =>
  async ({ projectId }: Scope, rows: readonly IncidentRow[]): Promise<Incident[]> => {
    const owners = rows.flatMap(({ ownerId }) => ownerId ?? []);
    const names = await namesOf(projectId, [...new Set(owners)]);
    const snapshots = await createSnapshotStore(db).newestOf(
      projectId,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => toIncident(row, { names, snapshot: snapshots.get(row.id) }));
  };

type Find = (scope: Scope, incidentId: string) => Promise<IncidentRow>;

const createTimeline = ({ db, namesOf }: IncidentsDeps, find: Find) => ({
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
