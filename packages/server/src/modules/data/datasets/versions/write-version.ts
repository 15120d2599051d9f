import { type DatasetSchema, type DatasetStats, type DraftStep, MAIN_BRANCH } from "@treadle/contract";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { readChunkRows } from "../chunks/chunk-files.ts";
import type { Manifest } from "../chunks/manifest.ts";
import type { DraftDeps } from "../drafts/drafts-service.ts";
import { movedOn } from "../drafts/push-step.ts";
import { breaksSchema, createItemCheck, hasSchema } from "../items/check-schema.ts";
import { createBranchStore } from "../stores/branch-store.ts";
import { mergeStats } from "../stores/chunk-stats.ts";
import { createChunkStore } from "../stores/chunk-store.ts";
import { createDatasetStore } from "../stores/store.ts";
import { createVersionStore } from "../stores/version-store.ts";

type Hear = (scope: Scope, dataset: { datasetId: string; name: string }, tx: Postgres) => Promise<unknown>;
/** Finds items of evaluation datasets in others. It is notified of a change in the same transaction. */
export type EvaluationWatch = {
  /** A dataset was marked as evaluation, or an evaluation dataset has a new version. */
  readonly onMarked: Hear;
  /** Another dataset has a new version, in a project with evaluation datasets. */
  readonly onCommitted: Hear;
};
type Deps = Pick<DraftDeps, "db" | "audit" | "clock" | "sendIndexing"> &
  EvaluationWatch & { readonly objects: Objects };
type NewVersion = {
  readonly branch: string;
  /** The branch's revision: nothing may have come between. */
  readonly revision: number;
  readonly manifest: Manifest;
  readonly parent: number | null;
  readonly mergedFrom: number | null;
  readonly message: string;
  readonly stats: DatasetStats;
  readonly steps: readonly DraftStep[];
};

/** The parameters of a new version, for a commit or a merge. */
export function createVersionWriter({ db, objects, audit, clock, sendIndexing, ...watch }: Deps) {
  async function statsOf(scope: Scope, { chunks, rows }: Manifest): Promise<DatasetStats> {
    const objectsOf = chunks.map(({ object }) => object);
    const stats = await createChunkStore(db).findStats(scope.projectId, objectsOf);
    const all = objectsOf.flatMap((object) => stats.get(object) ?? []);
    return mergeStats(all, { rows, bytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0) });
  }

  /**
   * Only chunks that the previous version does not have are checked. Throws `unprocessable` at the first item that
   * violates the schema.
   */
  async function checkItems(schema: DatasetSchema, manifest: Manifest, before: Manifest): Promise<void> {
    if (!hasSchema(schema)) return;
    const known = new Set(before.chunks.map(({ hash }) => hash));
    const check = createItemCheck(schema);
    for (const { hash, object } of manifest.chunks)
      for (const { item } of known.has(hash) ? [] : await readChunkRows(objects, object)) {
        const problem = check(item);
        if (problem) throw breaksSchema(item, problem);
      }
  }

  async function notifyWatch(scope: Scope, datasetId: string, tx: Postgres): Promise<void> {
    const datasets = createDatasetStore(tx);
    const dataset = await datasets.find(scope.projectId, datasetId);
    if (!dataset) return;
    if (dataset.isEvaluation) await watch.onMarked(scope, { datasetId, name: dataset.name }, tx);
    else if (await datasets.hasEvaluation(scope.projectId))
      await watch.onCommitted(scope, { datasetId, name: dataset.name }, tx);
  }

  /** Writes the version and moves its branch to it, both or neither. */
  async function create(scope: Scope, datasetId: string, input: NewVersion): Promise<number> {
    const which = { projectId: scope.projectId, datasetId };
    const now = new Date(clock.now());
    const { revision, manifest, steps, ...facts } = input;
    return db.transaction(async (tx) => {
      if (!(await createDatasetStore(tx).lock(scope.projectId, datasetId))) throw notFound("dataset", datasetId);
      const number = await createVersionStore(tx).nextNumber(which);
      const inside = createBranchStore(tx);
      const place = { ...which, branch: input.branch };
      const moved = await inside.move(place, { revision, applied: 0, head: number, updatedAt: now });
      if (!moved) throw movedOn(input.branch, await inside.find(place), revision);
      await inside.deleteStepsAfter(place, 0);
      await createVersionStore(tx).create({
        ...which,
        number,
        ...facts,
        root: manifest.root,
        manifestSha: manifest.sha,
        rows: manifest.rows,
        author: scope.actor,
        createdAt: now,
        steps: [...steps],
      });
      await createDatasetStore(tx).update(scope.projectId, datasetId, { updatedAt: now });
      const details = { version: number, branch: input.branch, root: manifest.root, rows: manifest.rows };
      await audit.record(scope, { action: "dataset.commit", target: datasetId, details }, tx);
      await sendIndexing(scope, tx);
      if (input.branch === MAIN_BRANCH) await notifyWatch(scope, datasetId, tx);
      return number;
    });
  }

  return { statsOf, checkItems, create };
}
export type VersionWriter = ReturnType<typeof createVersionWriter>;
