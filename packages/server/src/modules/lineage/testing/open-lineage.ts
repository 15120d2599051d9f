import type {
  DatasetVersion,
  ItemRow,
  ModelLineage,
  ModelVersion,
  Permission,
  SpanDetail,
  TrainingRun,
} from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { LineageDeps } from "../deps.ts";
import { createLineage } from "../service.ts";

export const READ: readonly Permission[] = ["traces:read", "models:read", "training:read", "datasets:read"];
export const scopeOf = (permissions: readonly Permission[] = READ): Scope => ({
  ...{ projectId: "proj_1", actor: "user_a", userId: "user_a" },
  permissions: new Set(permissions),
});
export const ROOT = "a".repeat(64);
export const MADE_AT = "2026-01-02T00:00:00.000Z";

/** What there is: each part can be taken away. */
export type World = {
  versions: ModelVersion[];
  runs: TrainingRun[];
  sets: DatasetVersion[];
  rows: ItemRow[];
  files: string[];
  answers: { responseModel: string; startTime: string }[];
  uses: ModelLineage;
};

/** The lineage over what a test says that there is. The shapes that it does not read are left out. */
export function openLineage(world: World) {
  const found = <Value>(value: Value | undefined, kind: string, id: string): Value => {
    if (value === undefined) throw notFound(kind, id);
    return value;
  };
  const isOf = (data: readonly { datasetId: string | null; root: string | null }[], place: DataPlaceOf) =>
    data.some(({ datasetId, root }) => datasetId === place.datasetId && (place.root === null || root === place.root));
  const deps: LineageDeps = {
    traces: {
      getSpan: async () => Promise.reject(new Error("the test gives the span")),
      listNewest: async (_scope, { models, from, limit }) =>
        world.answers
          .filter(({ responseModel, startTime }) => models.includes(responseModel) && startTime >= from)
          .slice(0, limit),
    },
    registry: {
      get: async (_scope, { name, version }) =>
        found(
          world.versions.find((one) => one.name === name && String(one.version) === version),
          "model version",
          version,
        ),
      usesOf: async () => world.uses,
      listMadeOf: async (_scope, place) => world.versions.filter(({ data }) => isOf(data, place)),
      findByRun: async (_scope, id) => world.versions.find(({ runId }) => runId === id),
    },
    training: {
      get: async (_scope, id) =>
        found(
          world.runs.find(({ trainingRunId }) => trainingRunId === id),
          "training run",
          id,
        ),
      listMadeOf: async (_scope, place) => world.runs.filter(({ data }) => isOf(data?.sources ?? [], place)),
      createUse: () => (item) => (item.split === "test" ? "left out" : "trained"),
      hasFile: async (_scope, id) => world.files.includes(id),
      splitsOfFile: async () => new Set([null]),
      readFile: async (_scope, id, { offset, limit }) => {
        if (!world.files.includes(id)) throw notFound("file", id);
        return world.rows.slice(offset, offset + limit + 1);
      },
    },
    datasets: {
      get: async (_scope, id) => found(world.sets.length > 0 ? { name: "support" } : undefined, "dataset", id),
      getVersion: async (_scope, _id, at) =>
        found(
          world.sets.find(({ root, number }) => at === root || at === String(number) || at === "main"),
          "version",
          at,
        ),
      getItem: async (_scope, { itemId, at }) =>
        found(
          world.sets.length > 0 || at === "draft" ? world.rows.find((row) => row.itemId === itemId) : undefined,
          "item",
          itemId,
        ),
      listItems: async (_scope, _id, { from, limit }) => world.rows.slice(from, from + limit),
    },
  };
  const withSpan = (span: SpanDetail) =>
    createLineage({ ...deps, traces: { ...deps.traces, getSpan: async () => span } });
  return { lineage: createLineage(deps), withSpan };
}
type DataPlaceOf = { readonly datasetId: string; readonly root: string | null };
