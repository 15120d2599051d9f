import type { IncidentEvidence } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import { systemScope } from "../../../kernel/scope.ts";
import type { JobHandler } from "../../../platform/jobs/port.ts";
import type { IncidentsDeps } from "./deps.ts";
import { createCollector } from "./evidence/collect.ts";
import type { SnapshotPayload } from "./snapshots.ts";
import { createIncidentStore, type IncidentRow } from "./stores/incident-store.ts";
import { createSnapshotStore } from "./stores/snapshot-store.ts";
import { recordStep } from "./transitions.ts";

/** With the waits between them, these tries last a few minutes. */
const MOST_TRIES = 6;

/** The job of one snapshot. Tries that fail are shown, and a ready snapshot never changes. */
export function createEvidenceJob(deps: IncidentsDeps): JobHandler<SnapshotPayload, null> {
  const collect = createCollector(deps);
  return {
    concurrency: 1,
    maxTries: MOST_TRIES,
    async run({ scope: { projectId }, payload: { incidentId, snapshotId }, signal }) {
      const scope = systemScope(projectId);
      const store = createSnapshotStore(deps.db);
      const place = { incidentId, snapshotId };
      const row = await createIncidentStore(deps.db).find(projectId, incidentId);
      const snapshot = await store.find(projectId, place);
      if (!row || !snapshot) throw notFound("incident", incidentId);
      if (snapshot.state === "ready") return place;
      try {
        const subject = { incidentId, ...row, from: snapshot.from, to: snapshot.to };
        const evidence = await collect({ scope, subject, signal });
        await storeEvidence(deps, { row, place, evidence });
        return place;
      } catch (error) {
        if (signal.aborted) throw error;
        deps.log.warn({ error, incidentId }, "the evidence of an incident could not be collected");
        await store.finish(projectId, place, { state: "failed", error: reasonOf(error) });
        throw error;
      }
    },
  };
}

type Collected = { readonly row: IncidentRow; readonly place: SnapshotPayload; readonly evidence: IncidentEvidence };

/** The evidence and its entry of the timeline, unless another run of the job has stored them. */
async function storeEvidence(
  { db, clock, announce }: IncidentsDeps,
  { row, place, evidence }: Collected,
): Promise<void> {
  const at = new Date(clock.now());
  await db.transaction(async (tx) => {
    const changes = { state: "ready", error: "", evidence, collectedAt: at } as const;
    if (!(await createSnapshotStore(tx).finish(row.projectId, place, changes))) return;
    const step = { kind: "evidence", text: evidence.sentence, actor: "system", at } as const;
    await recordStep({ announce }, tx, { scope: systemScope(row.projectId), row, step });
  });
}

/** Only our own errors are written for readers. */
const reasonOf = (error: unknown): string =>
  error instanceof AppError ? error.message : `Reading the traces failed. ${messageOf(error).slice(0, 300)}`;
