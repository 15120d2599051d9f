import { DatasetMapInput } from "@treadle/contract";
import { z } from "zod";
import type { Clock } from "../../../kernel/clock.ts";
import type { Inference } from "../../../platform/inference/port.ts";
import type { JobHandler, JobKind } from "../../../platform/jobs/port.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { CuratedDatasets } from "../curated-datasets.ts";
import type { Reading } from "../feed.ts";
import { drawMap } from "./draw-map.ts";

const Payload = DatasetMapInput.extend({ datasetId: z.string() });
type Payload = z.output<typeof Payload>;

/** Nothing is written until the end, so a job that was stopped begins anew. */
export const mapJob: JobKind<Payload, null> = { name: "dataset-map", payload: Payload, state: z.null() };

/** What the job gives: where the points are, and what is told of the map without them. */
export const MapResult = z.object({
  sha256: z.string(),
  root: z.string(),
  rows: z.number(),
  totalRows: z.number(),
  of: DatasetMapInput.shape.of.unwrap(),
  method: DatasetMapInput.shape.method.unwrap(),
  version: z.string(),
  createdAt: z.string(),
});
export type MapResult = z.output<typeof MapResult>;

type Deps = {
  readonly datasets: Pick<CuratedDatasets, "openVersion" | "readItems">;
  readonly objects: Pick<Objects, "put">;
  readonly inference: Pick<Inference, "embed">;
  /** The embedding model that ships with the program, so that no text leaves it. */
  readonly embeddingModelId: string;
  readonly clock: Clock;
};

/** Draws the map of a version or a draft and keeps its points as an object. */
export const createBuildMap = ({
  datasets,
  objects,
  inference,
  embeddingModelId,
  clock,
}: Deps): JobHandler<Payload, null> => ({
  async run({ scope, payload, signal, report }) {
    const { datasetId, version, rows: wanted, ...given } = payload;
    const { manifest } = await datasets.openVersion(scope, { datasetId, version });
    const rows = Math.min(wanted, manifest.rows);
    const reading: Reading = {
      signal,
      rows,
      read: () => spreadEvenly(datasets.readItems(scope, manifest, { signal }), { rows, of: manifest.rows }),
      progress: (share) =>
        report({ done: Math.round(share * rows), total: rows, unit: "rows", message: "Reading what items mean" }),
    };
    const embed = async (texts: readonly string[]) =>
      (await inference.embed({ modelId: embeddingModelId, texts, caller: scope.projectId }, signal)).vectors;
    const drawn = await drawMap(reading, { ...given, embed });
    const { sha256 } = await objects.put(Buffer.from(JSON.stringify(drawn)));
    report({ done: rows, message: "Done" });
    const { of, method } = given;
    const createdAt = new Date(clock.now()).toISOString();
    return {
      sha256,
      root: manifest.root,
      rows,
      totalRows: manifest.rows,
      of,
      method,
      version,
      createdAt,
    } satisfies MapResult;
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
