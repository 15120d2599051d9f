import { z } from "zod";
import type { Clock } from "../../../kernel/clock.ts";
import { DAY_MS } from "../../../kernel/day.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobHandler, JobKind, Jobs } from "../../../platform/jobs/port.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Manifests } from "./chunks/manifest.ts";
import type { RowStore } from "./rows/row-store.ts";
import { createSweepStore } from "./stores/sweep-store.ts";

type Deps = {
  readonly db: Postgres;
  readonly objects: Objects;
  readonly manifests: Manifests;
  readonly rows: Pick<RowStore, "delete">;
  readonly jobs: Pick<Jobs, "send">;
  readonly clock: Clock;
};

/** One job for the whole server: it looks through every project. */
export const SWEEP_KIND: JobKind<object, null> = { name: "dataset-sweep", payload: z.object({}), state: z.null() };
/** What is being written may not be named by a draft yet; nothing takes longer than this. */
const GRACE_MS = 2 * DAY_MS;
/** Deletes rows and manifests that no version and no draft uses, such as the rows of a deleted dataset. */
export function createSweep({ db, objects, manifests, rows, jobs, clock }: Deps) {
  const store = createSweepStore(db);

  async function sweepProject(projectId: string, before: Date): Promise<number> {
    const live = new Set<string>();
    for (const { sha, touchedAt } of await store.listManifests(projectId)) {
      // A manifest is noted before its object is stored. What a killed server left in between names no chunk that is old enough to go.
      if (touchedAt >= before && !(await objects.has(sha))) continue;
      for (const { object } of (await manifests.read(sha)).chunks) live.add(object);
    }
    const dead: string[] = [];
    for (const object of await store.listOldChunks(projectId, before))
      if (!live.has(object) && (await store.takeChunk(projectId, object, before))) dead.push(object);
    if (dead.length > 0) await rows.delete(projectId, dead);
    // The same content may lie in another project's dataset.
    for (const object of dead) if (!(await store.isChunkKnown(object))) await objects.delete(object);
    return dead.length;
  }

  /** Gives how many objects are gone. */
  async function sweep(): Promise<number> {
    const before = new Date(clock.now() - GRACE_MS);
    let removedObjects = 0;
    for (const sha of await store.takeDeadManifests(before)) {
      removedObjects += 1;
      if (!(await store.isManifestKnown(sha))) await objects.delete(sha);
    }
    for (const projectId of await store.listProjects()) removedObjects += await sweepProject(projectId, before);
    return removedObjects;
  }

  const handler: JobHandler<object, null> = { run: async () => ({ objects: await sweep() }) };
  return {
    sweep,
    handler,
    /** Once a day from now on, as soon as the project has a dataset. */
    send(scope: Scope, tx: Postgres): Promise<string> {
      const runAt = new Date(clock.now() + DAY_MS);
      const order = { kind: SWEEP_KIND, payload: {}, title: "Delete data that no dataset uses", key: "sweep" };
      return jobs.send(tx, scope, { ...order, runAt, everySeconds: DAY_MS / 1_000 });
    },
  };
}
