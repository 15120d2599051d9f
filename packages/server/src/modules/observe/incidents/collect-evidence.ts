import { AppError, notFound } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import { systemScope } from "../../../kernel/scope.ts";
import type { JobHandler } from "../../../platform/jobs/port.ts";
import type { IncidentsDeps } from "./deps.ts";
import { createCollector } from "./evidence/collect.ts";
import type { SnapshotPayload } from "./snapshots.ts";
import { createIncidentStore } from "./stores/incident-store.ts";
import { createSnapshotStore } from "./stores/record-stores.ts";
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
        const at = new Date(deps.clock.now());
        await deps.db.transaction(async (tx) => {
          const changes = { state: "ready", error: "", evidence, collectedAt: at } as const;
          if (!(await createSnapshotStore(tx).finish(projectId, place, changes))) return;
          const step = { kind: "evidence", text: evidence.sentence, actor: "system", at } as const;
          await recordStep(deps, tx, { scope, row, step });
        });
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

/** Only our own errors are written for readers. */
const reasonOf = (error: unknown): string =>
  error instanceof AppError ? error.message : `Reading the traces failed. ${messageOf(error).slice(0, 300)}`;
