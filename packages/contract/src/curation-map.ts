import { z } from "zod";
import { ItemId, VersionRef } from "./datasets.ts";
import { Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

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
    .describe("Whether what is asked, the answer or all of an item is compared."),
  method: z
    .enum(["neighbours", "axes"])
    .default("neighbours")
    .describe("`neighbours` keeps near what is near; `axes` shows the two axes along which items differ most."),
  rows: z.number().int().min(3).max(MOST_MAP_ROWS).default(5_000).describe("How many items are shown, spread evenly."),
  clusters: z.number().int().min(1).max(60).default(12),
  fields: z
    .array(ItemPlace)
    .max(10)
    .default(["split", "expected"])
    .describe("Whose values come with the map, to colour it by."),
});
export type DatasetMapInput = z.output<typeof DatasetMapInput>;

export const DatasetMapHead = z.object({
  mapId: z.string().describe("The id of the job that made it."),
  datasetId: z.string(),
  version: z.string(),
  root: z.string().describe("Of the version or draft that was looked at."),
  of: z.enum(["all", "prompt", "answer"]),
  method: z.enum(["neighbours", "axes"]),
  rows: z.number().describe("Items that are shown."),
  totalRows: z.number(),
  createdAt: Timestamp,
});
export type DatasetMapHead = z.infer<typeof DatasetMapHead>;

export const MapCluster = z.object({
  name: z.string().describe("Its most telling words."),
  terms: z.array(z.string()),
  rows: z.number(),
  x: z.number().describe("The middle of its points."),
  y: z.number(),
});
export type MapCluster = z.infer<typeof MapCluster>;

/** Columns of one length, a place for each item that is shown. */
export const MapPoints = z.object({
  itemIds: z.array(ItemId),
  x: z.array(z.number()),
  y: z.array(z.number()),
  clusters: z.array(z.number()).describe("Places in the list of clusters."),
  texts: z.array(z.string()).describe("How each text begins."),
  fields: z.array(z.object({ field: z.string(), values: z.array(z.string().nullable()) })),
});
export type MapPoints = z.infer<typeof MapPoints>;

export const DatasetMap = DatasetMapHead.extend({ points: MapPoints, clusters: z.array(MapCluster) });
export type DatasetMap = z.infer<typeof DatasetMap>;

const params = z.object({ datasetId: z.string() });

export const curationMapApi = defineApi({
  "POST /api/v1/datasets/:datasetId/maps": {
    name: "createDatasetMap",
    summary: "Lay the items of a draft or a version out by their meaning, as a job whose id is the map's",
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
    response: z.object({ items: z.array(DatasetMapHead) }),
  },
  "GET /api/v1/datasets/:datasetId/maps/:mapId": {
    name: "getDatasetMap",
    summary: "A map of a dataset: where each item lies, and named clusters",
    permission: "datasets:read",
    params: z.object({ datasetId: z.string(), mapId: z.string() }),
    response: DatasetMap,
  },
});
