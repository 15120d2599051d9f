import { text } from "node:stream/consumers";
import { DatasetMap, type DatasetMapHead, type DatasetMapInput, type Job } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Inference } from "../../../platform/inference/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { CuratedDatasets } from "../curated-datasets.ts";
import { createBuildMap, MapResult, mapJob } from "./build-map.ts";

type Deps = {
  readonly db: Postgres;
  readonly datasets: Pick<CuratedDatasets, "get" | "openVersion" | "readItems">;
  readonly jobs: Pick<Jobs, "register" | "send" | "get" | "list">;
  readonly objects: Pick<Objects, "put" | "get">;
  readonly inference: Pick<Inference, "embed">;
  readonly embeddingModelId: string;
  readonly clock: Clock;
};
type Place = { readonly datasetId: string; readonly mapId: string };

const MOST_MAPS = 50;
const Drawn = DatasetMap.pick({ points: true, clusters: true });

/** Maps of datasets by meaning. A map is what a job gave; its points are an object. */
export function createDatasetMaps(deps: Deps) {
  const { db, datasets, jobs, objects } = deps;
  jobs.register(mapJob, createBuildMap(deps));

  return {
    /** Gives the id of the job, which is the map's. Throws `unprocessable` for fewer than three items. */
    async create(scope: Scope, datasetId: string, input: DatasetMapInput): Promise<{ jobId: string }> {
      const { name } = await datasets.get(scope, datasetId);
      const { manifest } = await datasets.openVersion(scope, { datasetId, version: input.version });
      if (manifest.rows < 3)
        throw new AppError("unprocessable", {
          message: `A map needs at least three items, and ${input.version} of ${name} has ${manifest.rows}. Add items first.`,
        });
      const title = `Map ${name} (${input.version})`.slice(0, 200);
      const order = { kind: mapJob, payload: { ...input, datasetId }, title, subject: datasetId };
      return { jobId: await db.transaction((tx) => jobs.send(tx, scope, order)) };
    },
    /** Those that are done, the newest first. */
    async list(scope: Scope, datasetId: string): Promise<DatasetMapHead[]> {
      await datasets.get(scope, datasetId);
      const query = { kind: mapJob.name, subject: datasetId, status: "done" as const, limit: MOST_MAPS };
      const { items } = await jobs.list(scope, query);
      return items.flatMap((job) => {
        const result = MapResult.safeParse(job.result);
        return result.success ? [headOf(job, { datasetId, result: result.data })] : [];
      });
    },
    /** Throws `not_found`, and `conflict` while the map is being drawn. */
    async get(scope: Scope, { datasetId, mapId }: Place): Promise<DatasetMap> {
      await datasets.get(scope, datasetId);
      const job = await jobs.get(scope, mapId);
      if (job.kind !== mapJob.name || job.subject !== datasetId) throw notFound("map", mapId);
      const result = MapResult.safeParse(job.result);
      if (!result.success) throw notDrawn(job);
      const drawn = Drawn.parse(JSON.parse(await text(await objects.get(result.data.sha256))));
      return { ...headOf(job, { datasetId, result: result.data }), ...drawn };
    },
  };
}
export type DatasetMaps = ReturnType<typeof createDatasetMaps>;

function headOf({ id }: Job, { datasetId, result }: { datasetId: string; result: MapResult }): DatasetMapHead {
  const { sha256: _, ...head } = result;
  return { ...head, mapId: id, datasetId };
}

const notDrawn = ({ id, status }: Job) =>
  new AppError("conflict", {
    message: `The map is not there: its job is ${status}. Wait until job ${id} is done, or draw another map.`,
    details: { jobId: id, status },
  });
