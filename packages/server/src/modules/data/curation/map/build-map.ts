import { DatasetMapInput } from "@treadle/contract";
import { z } from "zod";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Inference } from "../../../../platform/inference/port.ts";
import type { JobHandler, JobKind } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Reading } from "../step/feed.ts";
import type { CuratedDatasets } from "../stores/curated-datasets.ts";
import { drawMap } from "./draw-map.ts";
import { createMapStore } from "./store.ts";

const Payload = DatasetMapInput.extend({ datasetId: z.string() });
type Payload = z.output<typeof Payload>;

/** Nothing is written until the end, so a stopped job starts again from the beginning. */
export const mapJob: JobKind<Payload, null> = { name: "dataset-map", payload: Payload, state: z.null() };

type Deps = {
  readonly datasets: Pick<CuratedDatasets, "openVersion" | "readItems">;
  readonly db: Postgres;
  readonly inference: Pick<Inference, "embed">;
  /** The embedding model that ships with the program, so that no text leaves it. */
  readonly embeddingModelId: string;
  readonly clock: Clock;
};

/** Computes and stores the map of a version or a draft. Returns the id of the map, which is the id of the job. */
export const createBuildMap = (deps: Deps): JobHandler<Payload, null> => ({
  async run({ jobId, scope, payload, signal, report }) {
    const { datasets, inference, embeddingModelId, clock } = deps;
    const { datasetId, version, rows: wanted, ...given } = payload;
    const { manifest } = await datasets.openVersion(scope, { datasetId, version });
    const rows = Math.min(wanted, manifest.rows);
    const reading: Reading = {
      signal,
      rows,
      read: () => spreadEvenly(datasets.readItems(scope, manifest, { signal }), { rows, of: manifest.rows }),
      progress: (share) =>
        report({
          done: Math.round(share * rows),
          total: rows,
          unit: "rows",
          message: "Computing embeddings of the items",
        }),
    };
    const embed = async (texts: readonly string[]) =>
      (await inference.embed({ modelId: embeddingModelId, texts, caller: scope.projectId }, signal)).vectors;
    const drawing = await drawMap(reading, { ...given, embed });
    await createMapStore(deps.db).save({
      id: jobId,
      projectId: scope.projectId,
      datasetId,
      version,
      root: manifest.root,
      of: given.of,
      method: given.method,
      rows,
      totalRows: manifest.rows,
      drawing,
      createdAt: new Date(clock.now()),
    });
    return { mapId: jobId };
  },
});

/** So many rows of all there are. */
async function* spreadEvenly<Row>(
  all: AsyncIterable<Row>,
  { rows, of }: { rows: number; of: number },
): AsyncGenerator<Row> {
  let place = 0;
  for await (const row of all) {
    if (Math.floor(((place + 1) * rows) / of) > Math.floor((place * rows) / of)) yield row;
    place++;
  }
}
