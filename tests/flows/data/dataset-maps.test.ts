import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let client: Client;
let datasetId: string;

const CARDS = [
  "My new card has not arrived",
  "Where is the bank card I ordered",
  "How long does a card take in the post",
];
const COOKING = ["How long do I boil an egg", "What spice goes with roast lamb", "Can I bake bread without yeast"];

beforeAll(async () => {
  treadle = await openSharedTreadle();
  client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  ({ datasetId } = await client.call("POST /api/v1/datasets", { body: { name: "questions" } }));
  const items = Array.from({ length: 60 }, (_, at) => ({
    itemId: `q${at}`,
    inputs: { question: `${(at % 2 === 0 ? CARDS : COOKING)[(at >> 1) % 3]}, case ${at}?` },
    expected: at % 2 === 0 ? "card" : "cooking",
  }));
  await client.call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
});
afterAll(() => treadle?.stop());

const draw = (body: { rows?: number; clusters?: number; fields?: string[] }) =>
  client.call("POST /api/v1/datasets/:datasetId/maps", { params: { datasetId }, body });

test("a map of a draft is drawn by a job, and what means the same lies in one cluster", async () => {
  const { jobId } = await draw({ clusters: 2, fields: ["expected"] });
  await expect
    .poll(async () => (await client.call("GET /api/v1/jobs/:jobId", { params: { jobId } })).status, { timeout: 60_000 })
    .toBe("done");
  const { items: heads } = await client.call("GET /api/v1/datasets/:datasetId/maps", { params: { datasetId } });
  expect(heads).toMatchObject([{ mapId: jobId, version: "draft", rows: 60, totalRows: 60 }]);
  const { points, clusters } = await client.call("GET /api/v1/datasets/:datasetId/maps/:mapId", {
    params: { datasetId, mapId: jobId },
  });
  expect(points.itemIds).toHaveLength(60);
  expect(clusters.map(({ rows }) => rows)).toEqual([30, 30]);
  const labels = points.fields[0]?.values ?? [];
  for (const [row, label] of labels.entries())
    expect(points.clusters[row]).toBe(points.clusters[labels.indexOf(label)]);
});

test("what cannot be drawn is refused, and says why", async () => {
  await expect(draw({ fields: ["question"] })).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringContaining("inputs."),
  });
  await expect(draw({ rows: 2 })).rejects.toMatchObject({ code: "invalid_request" });
  const missing = client.call("GET /api/v1/datasets/:datasetId/maps/:mapId", {
    params: { datasetId, mapId: "job_none" },
  });
  await expect(missing).rejects.toMatchObject({ code: "not_found" });
});
