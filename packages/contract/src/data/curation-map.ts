import { z } from "zod";
import { pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { ItemId, VersionRef } from "./datasets.ts";

/** A place in an item, such as `expected`, `split`, `metadata.topic` or `inputs.user.id`. */
export const ItemPlace = z
  .string()
  .max(300)
  .regex(
    /^(itemId|split|expected(\..+)?|inputs\..+|metadata\..+|source\..+)$/s,
    "name a place in the item, such as `expected`, `metadata.topic` or `inputs.question`",
  );

/** The most items a map shows; of more a part is taken, spread evenly. */
export const MOST_MAP_ROWS = 20_000;

export const DatasetMapInput = z.strictObject({
  version: VersionRef.default("draft"),
  of: z
    .enum(["all", "prompt", "answer"])
    .default("prompt")
    .describe("Whether to compare the input, the answer or the whole item."),
  method: z
    .enum(["neighbours", "axes"])
    .default("neighbours")
    .describe(
      "`neighbours` places similar items close together. `axes` shows the two axes along which items differ most.",
    ),
  rows: z
    .number()
    .int()
    .min(3)
    .max(MOST_MAP_ROWS)
    .default(5_000)
    .describe("The number of items to show, spread evenly."),
  clusters: z.number().int().min(1).max(60).default(12),
  fields: z
    .array(ItemPlace)
    .max(10)
    .default(["split", "expected"])
    .describe("A field whose values are returned with the map, for coloring it."),
});
export type DatasetMapInput = z.output<typeof DatasetMapInput>;

export const DatasetMapHead = z.object({
  mapId: z.string().describe("The id of the job that created the map."),
  datasetId: z.string(),
  version: z.string(),
  root: z.string().describe("The Merkle root of the version or draft."),
  of: z.enum(["all", "prompt", "answer"]),
  method: z.enum(["neighbours", "axes"]),
  rows: z.number().describe("The items on the map."),
  totalRows: z.number(),
  createdAt: Timestamp,
});
export type DatasetMapHead = z.infer<typeof DatasetMapHead>;

export const MapCluster = z.object({
  name: z.string().describe("The words that best distinguish the cluster."),
  terms: z.array(z.string()),
  rows: z.number(),
  x: z.number().describe("The center of its points."),
  y: z.number(),
});
export type MapCluster = z.infer<typeof MapCluster>;

/** Columns of one length, a place for each item that is shown. */
export const MapPoints = z.object({
  itemIds: z.array(ItemId),
  x: z.array(z.number()),
  y: z.array(z.number()),
  clusters: z.array(z.number()).describe("Indexes into the list of clusters."),
  texts: z.array(z.string()).describe("The beginning of each text."),
  fields: z.array(z.object({ field: z.string(), values: z.array(z.string().nullable()) })),
});
export type MapPoints = z.infer<typeof MapPoints>;

export const DatasetMap = DatasetMapHead.extend({ points: MapPoints, clusters: z.array(MapCluster) });
export type DatasetMap = z.infer<typeof DatasetMap>;

const params = z.object({ datasetId: z.string() });

export const curationMapApi = defineApi({
  "POST /api/v1/datasets/:datasetId/maps": {
    name: "createDatasetMap",
    summary: "Map the items of a draft or a version by meaning, as a job whose id is the id of the map",
    permission: "datasets:write",
    params,
    body: DatasetMapInput,
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
  "GET /api/v1/datasets/:datasetId/maps": {
    name: "listDatasetMaps",
    summary: "The newest maps of a dataset",
    permission: "datasets:read",
    params,
    response: pageOf(DatasetMapHead),
  },
  "GET /api/v1/datasets/:datasetId/maps/:mapId": {
    name: "getDatasetMap",
    summary: "A map of a dataset: the position of each item, and named clusters",
    permission: "datasets:read",
    params: z.object({ datasetId: z.string(), mapId: z.string() }),
    response: DatasetMap,
  },
});
