import type { IncidentSnapshot, IncidentSnapshotHead } from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createCalls } from "./calls.ts";
import { createPersonChanges } from "./change-by-person.ts";
import { createEvidenceJob } from "./collect-evidence.ts";
import { createIncidentComments } from "./comments.ts";
import type { IncidentsDeps } from "./deps.ts";
import { toHead } from "./present.ts";
import { createReads, type IncidentReads } from "./reads.ts";
import { createSink } from "./sink.ts";
import { beginSnapshot, EVIDENCE_KIND } from "./snapshots.ts";
import { createSnapshotStore } from "./stores/snapshot-store.ts";
import { createIncidentExport } from "./write-markdown.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };
const pageOf = ({ limit, cursor }: Page) => ({
  limit: limit + 1,
  after: cursor === undefined ? null : fromTimeCursor(cursor),
});

/** Incidents: their life cycle, their timeline and their evidence. */
export function createIncidents(deps: IncidentsDeps) {
  deps.jobs.register(EVIDENCE_KIND, createEvidenceJob(deps));
  const reads = createReads(deps);
  const comments = createIncidentComments(deps, reads.find);
  const snapshots = createSnapshots(deps, reads.find);
  return {
    ...reads,
    ...createPersonChanges(deps, reads.show),
    ...snapshots,
    ...createCalls(deps),
    sink: createSink(deps),
    comments,
    export: createIncidentExport({ ...reads, listComments: comments.list, getSnapshot: snapshots.getSnapshot }),
  };
}
export type Incidents = ReturnType<typeof createIncidents>;

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
