import { z } from "zod";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { JobKind, JobRun, Jobs } from "../../../../platform/jobs/port.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../audit/index.ts";
import { createProjectStore } from "../stores/project-store.ts";
import { createPurgeColumnarStore } from "../stores/purge-columnar-store.ts";
import { createPurgeStore } from "../stores/purge-store.ts";
import { systemOf } from "./first-project.ts";

type Purge = { readonly projectId: string };
export const PURGE: JobKind<Purge, null> = {
  name: "project-purge",
  payload: z.object({ projectId: z.string() }),
  state: z.null(),
};

export type PurgeDeps = {
  readonly db: Postgres;
  readonly columnar: Columnar;
  readonly objects: Pick<Objects, "delete">;
  readonly jobs: Pick<Jobs, "register">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  /** Removes what lies outside the stores: folders of training runs, models that are loaded. Throws while something must end first. */
  readonly emptyFolders: (scope: Scope) => Promise<void>;
};

const REPORT_EVERY = 500;
/** A store may be away for hours. */
const TRIES = 50;

/**
 * Removes the data of deleted projects once they can no longer be restored. Every step may run again: rows that name an object go last, so
 * a run that was interrupted finds the same objects.
 */
export function registerPurge({ db, columnar, objects, jobs, audit, clock, emptyFolders }: PurgeDeps) {
  const rows = createPurgeStore(db);
  const columns = createPurgeColumnarStore(columnar);

  async function removeObjects(projectId: string, { signal, report }: Pick<JobRun<Purge, null>, "signal" | "report">) {
    const own = new Set([...(await rows.listObjects(projectId)), ...(await columns.listObjects(projectId))]);
    const elsewhere = await columns.listObjectsElsewhere(projectId);
    let done = 0;
    for (const sha256 of own) {
      signal.throwIfAborted();
      // The same content may belong to another project.
      if (!elsewhere.has(sha256) && !(await rows.isObjectElsewhere(projectId, sha256))) await objects.delete(sha256);
      done++;
      if (done % REPORT_EVERY === 0) report({ done, total: own.size, unit: "objects", message: "Removing objects" });
    }
    return own.size;
  }

  jobs.register(PURGE, {
    maxTries: TRIES,
    async run({ payload: { projectId }, scope, signal, report }) {
      // With the lock, a restore in progress ends first. A later restore is rejected, because the time has passed.
      const project = await db.transaction((tx) => createProjectStore(tx).lock(projectId));
      if (project?.state !== "deleted") return { removed: false };
      const waitMs = Date.parse(project.purgeAt ?? "") - clock.now();
      if (waitMs > 0) throw tooEarly(waitMs);
      report({ message: "Removing models and training runs" });
      await emptyFolders(systemOf(projectId));
      const objectCount = await removeObjects(projectId, { signal, report });
      report({ message: "Removing traces and datasets" });
      await columns.delete(projectId, signal);
      if (project.isSample) await createProjectStore(db).noteSampleRemoved(new Date(clock.now()));
      await rows.delete(projectId);
      const details = { name: project.name, deletedAt: project.deletedAt, objects: objectCount };
      await audit.record(scope, { action: "project.purge", target: projectId, details }, db);
      return { removed: true, objects: objectCount };
    },
  });
}

/** The project was restored and deleted again, or the clocks of the database and of this server differ. */
const tooEarly = (waitMs: number) =>
  new AppError("unavailable", {
    message: "The project can still be restored. Its data will be removed later.",
    retryAfterSeconds: Math.ceil(waitMs / 1_000),
  });
