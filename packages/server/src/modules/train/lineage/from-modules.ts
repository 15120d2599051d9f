import type { Datasets } from "../../data/datasets/index.ts";
import type { Traces } from "../../observe/traces/index.ts";
import type { Registry } from "../registry/index.ts";
import type { Training } from "../training/index.ts";
import type { LineageDeps } from "./deps.ts";

type Modules = {
  readonly traces: Pick<Traces, "getSpan" | "list">;
  readonly registry: Pick<Registry, "versions" | "listMadeOf" | "findByRun">;
  readonly training: Pick<Training, "get" | "rows">;
  readonly datasets: Pick<Datasets, "list" | "versions" | "items">;
  readonly releases: LineageDeps["releases"];
};

/** Other modules as the lineage reads them. */
export const tracedModules = ({ traces, registry, training, datasets, releases }: Modules): LineageDeps => ({
  traces: {
    getSpan: traces.getSpan,
    async listNewest(scope, { models, from, limit }) {
      const order = { order: "startTime", direction: "desc" } as const;
      return (await traces.list(scope, { model: models.join(","), from, limit, ...order })).items;
    },
  },
  registry: {
    get: registry.versions.get,
    usesOf: registry.versions.lineage,
    listMadeOf: registry.listMadeOf,
    findByRun: registry.findByRun,
  },
  releases,
  training: { get: training.get, ...training.rows },
  datasets: {
    get: datasets.list.get,
    getVersion: datasets.versions.get,
    getItem: datasets.items.get,
    async listItems(scope, datasetId, { at, from, limit }) {
      const whole = { filter: "", sort: "", columns: "" };
      return (await datasets.items.list(scope, datasetId, { ...whole, at, from, limit })).items;
    },
  },
});
