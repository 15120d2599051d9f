import type {
  DatasetVersion,
  ItemRow,
  LeftOutReason,
  ModelLineage,
  ModelVersion,
  Permission,
  SpanDetail,
  TrainingRun,
} from "@treadle/contract";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { LineageDeps, ServedRollout } from "../deps.ts";
import { createLineage } from "../service.ts";

export const READ: readonly Permission[] = [
  "traces:read",
  "models:read",
  "training:read",
  "datasets:read",
  "endpoints:read",
];
export const scopeOf = (permissions: readonly Permission[] = READ): Scope => ({
  projectId: "proj_1",
  actor: "user_a",
  userId: "user_a",
  permissions: new Set(permissions),
});
export const ROOT = "a".repeat(64);
export const MADE_AT = "2026-01-02T00:00:00.000Z";

/** The existing objects. Each can be removed. */
export type World = {
  versions: ModelVersion[];
  runs: TrainingRun[];
  sets: DatasetVersion[];
  rows: ItemRow[];
  files: string[];
  /** Rows that the trainer left out, with the reason. */
  leftOut?: Record<string, LeftOutReason>;
  answers: { responseModel: string; startTime: string }[];
  uses: ModelLineage;
  rollouts?: (ServedRollout & { readonly endpoint: string })[];
};

/** The lineage over a test's objects. Unused fields are left out. */
export function openLineage(world: World) {
  const requireValue = <Value>(value: Value | undefined, kind: string, id: string): Value => {
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
        requireValue(
          world.versions.find((one) => one.name === name && String(one.version) === version),
          "model version",
          version,
        ),
      usesOf: async () => world.uses,
      listMadeOf: async (_scope, place) => world.versions.filter(({ data }) => isOf(data, place)),
      findByRun: async (_scope, id) => world.versions.find(({ runId }) => runId === id),
    },
    releases: releasesOf(world),
    training: {
      get: async (_scope, id) =>
        requireValue(
          world.runs.find(({ trainingRunId }) => trainingRunId === id),
          "training run",
          id,
        ),
      listMadeOf: async (_scope, place) => world.runs.filter(({ data }) => isOf(data?.sources ?? [], place)),
      usesOf: async (_scope, _place, items) =>
        items.map(({ itemId, split }) => {
          const reason = world.leftOut?.[itemId];
          if (reason) return { use: "filtered", reason };
          return { use: split === "test" ? "left out" : "trained", reason: null };
        }),
      hasFile: async (_scope, id) => world.files.includes(id),
      splitsOfFile: async () => new Set([null]),
      readFile: async (_scope, id, { offset, limit }) => {
        if (!world.files.includes(id)) throw notFound("file", id);
        return world.rows.slice(offset, offset + limit + 1);
      },
    },
    datasets: {
      get: async (_scope, id) => requireValue(world.sets.length > 0 ? { name: "support" } : undefined, "dataset", id),
      getVersion: async (_scope, _id, at) =>
        requireValue(
          world.sets.find(({ root, version }) => at === root || at === String(version) || at === "main"),
          "version",
          at,
        ),
      getItem: async (_scope, { itemId, at }) =>
        requireValue(
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

const releasesOf = ({ rollouts = [] }: World): LineageDeps["releases"] => ({
  findRollout: async (_scope, { rolloutId, endpoint }) =>
    rollouts.find((one) => (rolloutId === "" ? one.endpoint === endpoint : one.rolloutId === rolloutId)),
});

type DataPlaceOf = { readonly datasetId: string; readonly root: string | null };
