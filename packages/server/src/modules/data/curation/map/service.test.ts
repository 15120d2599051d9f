import { type Dataset, DatasetMapInput, type Item } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../../../kernel/clock.ts";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type JobsAdapter, openJobs } from "../../../../platform/jobs/open.ts";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { asking, textOfWords } from "../testing/step-context.ts";
import { createDatasetMaps, type DatasetMaps } from "./service.ts";
import { createMapStore } from "./store.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const scope: Scope = { projectId: "proj_1", actor: "user_a", userId: "user_a", permissions: new Set() };
const items: Record<string, Item[]> = {
  ds_1: Array.from({ length: 90 }, (_, seed) =>
    asking(`it_${seed}`, textOfWords(seed, 4), { split: seed < 9 ? "test" : "train" }),
  ),
  ds_2: [asking("only", "one")],
};
const dataset = (datasetId: string): Dataset => ({
  datasetId,
  name: "Questions",
  description: "",
  isEvaluation: false,
  schema: { inputs: null, expected: null, metadata: null },
  rows: items[datasetId]?.length ?? 0,
  latestVersion: 1,
  branches: 1,
  versions: 1,
  hasDraft: false,
  createdBy: "user_a",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
});
const datasets = {
  async get(_scope: Scope, datasetId: string) {
    if (!items[datasetId]) throw notFound("dataset", datasetId);
    return dataset(datasetId);
  },
  openVersion: async (_scope: Scope, { datasetId }: { datasetId: string }) => ({
    manifest: { sha: datasetId, root: "r".repeat(64), rows: items[datasetId]?.length ?? 0, chunks: [] },
    steps: [],
  }),
  async *readItems(_scope: Scope, { sha }: { sha: string }) {
    yield* items[sha] ?? [];
  },
};

let store: PostgresStore;
let jobs: JobsAdapter;
let maps: DatasetMaps;
beforeAll(async () => {
  store = await openTestPostgres();
  await store.db.execute(sql`INSERT INTO projects VALUES ('proj_1', 'Project', false, now())`);
  for (const datasetId of ["ds_1", "ds_2"])
    await store.db.execute(
      sql`INSERT INTO datasets VALUES (${datasetId}, 'proj_1', ${datasetId}, '', false, '{}', '', 'user_a', now(), now())`,
    );
  jobs = openJobs({ db: store.db, log: silent, isAlone: true, timing: { pollMs: 50 } });
  maps = createDatasetMaps({
    db: store.db,
    datasets,
    jobs,
    inference: {
      embed: async ({ texts }) => ({
        vectors: texts.map((text) => [text.length, Number(/\d+/.exec(text)?.[0] ?? 0), 1]),
        tokens: 0,
      }),
    },
    embeddingModelId: "builtin",
    clock: systemClock,
  });
  jobs.start();
});
afterAll(async () => {
  await jobs.close();
  await store.close();
});

const draw = async (input: object) => (await maps.create(scope, "ds_1", DatasetMapInput.parse(input))).jobId;
const untilDone = (jobId: string) =>
  expect.poll(async () => (await jobs.get(scope, jobId)).status, { timeout: 50_000, interval: 20 }).toBe("done");

test("a map is drawn by a job, over a part of the items spread evenly, and read when it is done", async () => {
  const jobId = await draw({ rows: 30, clusters: 3, fields: ["split"] });
  await untilDone(jobId);
  const map = await maps.get(scope, { datasetId: "ds_1", mapId: jobId });
  expect(map).toMatchObject({
    mapId: jobId,
    datasetId: "ds_1",
    rows: 30,
    totalRows: 90,
    method: "neighbours",
    of: "prompt",
  });
  expect(map.points.itemIds).toEqual(Array.from({ length: 30 }, (_, place) => `it_${3 * place + 2}`));
  expect(map.points.fields).toEqual([{ field: "split", values: expect.arrayContaining(["test", "train"]) }]);
  expect(map.clusters.reduce((sum, { rows }) => sum + rows, 0)).toBe(30);
  expect(await maps.list(scope, "ds_1")).toMatchObject([{ mapId: jobId, rows: 30 }]);
  expect(await maps.list(scope, "ds_2")).toEqual([]);
});

test("a map that is not drawn yet says so, and one of another dataset is not there", async () => {
  const jobId = await draw({ method: "axes" });
  await expect(maps.get(scope, { datasetId: "ds_2", mapId: jobId })).rejects.toMatchObject({ code: "not_found" });
  await untilDone(jobId);
  const other = await store.db.transaction((tx) =>
    jobs.send(tx, scope, {
      kind: { name: "dataset-map", payload: DatasetMapInput.loose() },
      payload: { ...DatasetMapInput.parse({}), datasetId: "ds_1" },
      title: "Map",
      subject: "ds_1",
      runAt: new Date(Date.now() + 3_600_000),
    }),
  );
  await expect(maps.get(scope, { datasetId: "ds_1", mapId: other })).rejects.toMatchObject({ code: "conflict" });
});

test("too few items, and a dataset that is not there, are refused before anything is begun", async () => {
  const input = DatasetMapInput.parse({});
  await expect(maps.create(scope, "ds_2", input)).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("at least three items"),
  });
  await expect(maps.create(scope, "ds_9", input)).rejects.toMatchObject({ code: "not_found" });
});

test("the newest ten maps of a dataset are stored, and deleted with it", async () => {
  const mapStore = createMapStore(store.db);
  const storedMaps = await maps.list(scope, "ds_1");
  for (let place = 0; place < 12; place++)
    await mapStore.save({
      id: `job_old${place}`,
      projectId: "proj_1",
      datasetId: "ds_1",
      version: "1",
      root: "r",
      of: "all",
      method: "axes",
      rows: 0,
      totalRows: 0,
      drawing: { points: { itemIds: [], x: [], y: [], clusters: [], texts: [], fields: [] }, clusters: [] },
      createdAt: new Date(Date.UTC(2020, 0, 1 + place)),
    });
  const listed = (await maps.list(scope, "ds_1")).map(({ mapId }) => mapId);
  expect(listed).toHaveLength(10);
  expect(listed.slice(0, storedMaps.length)).toEqual(storedMaps.map(({ mapId }) => mapId));
  expect(listed).toContain("job_old11");
  expect(listed).not.toContain("job_old0");
  await store.db.execute(sql`DELETE FROM datasets WHERE id = 'ds_1'`);
  expect(await maps.list(scope, "ds_1")).toEqual([]);
});
