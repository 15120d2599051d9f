import { z } from "zod";
import { newId } from "../../../kernel/ids.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { JobKind } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { IncidentsDeps } from "./deps.ts";
import type { IncidentRow } from "./stores/incident-store.ts";
import { createSnapshotStore, type SnapshotHeadRow } from "./stores/snapshot-store.ts";

const Payload = z.object({ incidentId: z.string(), snapshotId: z.string() });
export type SnapshotPayload = z.output<typeof Payload>;
export const EVIDENCE_KIND: JobKind<SnapshotPayload, null> = {
  name: "incident-evidence",
  payload: Payload,
  state: z.null(),
};

/** Shorter time ranges hold too little to compare. */
const LEAST_MS = 60_000;

/** Begins a snapshot within the caller's transaction, so that an incident without evidence always has a job. */
export async function beginSnapshot(
  { jobs }: Pick<IncidentsDeps, "jobs">,
  tx: Postgres,
  { scope, row, to, at }: { readonly scope: Scope; readonly row: IncidentRow; readonly to: Date; readonly at: Date },
): Promise<SnapshotHeadRow> {
  const head: SnapshotHeadRow = {
    id: newId("snap", at.getTime()),
    projectId: scope.projectId,
    incidentId: row.id,
    state: "collecting",
    error: "",
    from: new Date(Math.min(row.from.getTime(), to.getTime() - LEAST_MS)),
    to,
    createdBy: scope.actor,
    createdAt: at,
    collectedAt: null,
  };
  await createSnapshotStore(tx).create({ ...head, evidence: null });
  await jobs.send(tx, systemScope(scope.projectId), {
    kind: EVIDENCE_KIND,
    payload: { incidentId: row.id, snapshotId: head.id },
    title: `Evidence of ${row.title}`.slice(0, 200),
    subject: row.id,
  });
  return head;
}
