import type { DatasetMap, DatasetMapHead, DatasetMapInput } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Inference } from "../../../../platform/inference/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { CuratedDatasets } from "../stores/curated-datasets.ts";
import { createBuildMap, mapJob } from "./build-map.ts";
import { createMapStore } from "./store.ts";

export type DatasetMapsDeps = {
  readonly db: Postgres;
  readonly datasets: Pick<CuratedDatasets, "get" | "openVersion" | "readItems">;
  readonly jobs: Pick<Jobs, "register" | "send" | "get">;
  readonly inference: Pick<Inference, "embed">;
  readonly embeddingModelId: string;
  readonly clock: Clock;
};
type Place = { readonly datasetId: string; readonly mapId: string };

const FEWEST_ROWS = 3;

/** Maps of datasets by meaning. A map has the id of its job. The newest ten maps of a dataset are stored. */
export function createDatasetMaps(deps: DatasetMapsDeps) {
  const { db, datasets, jobs } = deps;
  const store = createMapStore(db);
  jobs.register(mapJob, createBuildMap(deps));

  return {
    /** Gives the id of the job, which is the map's. Throws `unprocessable` for fewer than three items. */
    async create(scope: Scope, datasetId: string, input: DatasetMapInput): Promise<{ jobId: string }> {
      const { name } = await datasets.get(scope, datasetId);
      const { manifest } = await datasets.openVersion(scope, { datasetId, version: input.version });
      if (manifest.rows < FEWEST_ROWS)
        throw new AppError("unprocessable", {
          message: `A map needs at least three items, but version ${input.version} of ${name} has ${manifest.rows}. Add items first.`,
        });
      const title = `Map ${name} (${input.version})`.slice(0, 200);
      const order = { kind: mapJob, payload: { ...input, datasetId }, title, subject: datasetId };
      return { jobId: await db.transaction((tx) => jobs.send(tx, scope, order)) };
    },
    /** The maps that exist, newest first. */
    async list(scope: Scope, datasetId: string): Promise<DatasetMapHead[]> {
      await datasets.get(scope, datasetId);
      return store.list(scope.projectId, datasetId);
    },
    /** Throws `not_found`, and `conflict` while the map is being drawn. */
    async get(scope: Scope, place: Place): Promise<DatasetMap> {
      await datasets.get(scope, place.datasetId);
      return (await store.find(scope.projectId, place)) ?? (await explain(scope, place));
    },
  };

  /** Why there is no such map. */
  async function explain(scope: Scope, { datasetId, mapId }: Place): Promise<never> {
    const { kind, subject, status } = await jobs.get(scope, mapId);
    if (kind !== mapJob.name || subject !== datasetId || status === "done") throw notFound("map", mapId);
    throw new AppError("conflict", {
      message: `The map is not ready: its job is ${status}. Wait until job ${mapId} is done, or create another map.`,
      details: { jobId: mapId, status },
    });
  }
}
export type DatasetMaps = ReturnType<typeof createDatasetMaps>;
