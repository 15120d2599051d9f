import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Client, createClient } from "../../packages/sdk/src/index.ts";
import { startTreadle } from "../setup/start-treadle.ts";

const ROWS = 8_000;
const KILLS = 5;
const STEPS = [
  { stepId: "exact-duplicates", params: {} },
  { stepId: "privacy", params: {} },
  { stepId: "quality", params: {} },
  { stepId: "language", params: { action: "note" } },
];

const item = (at: number) => ({
  itemId: `q${at}`,
  // Every hundredth text is there twice, every fiftieth holds an address.
  inputs: {
    question: `When does order ${at % 100 === 99 ? at - 1 : at} arrive?${at % 50 === 7 ? ` Mail ${at}@example.org.` : ""}`,
  },
  expected: "delivery",
});

async function fill({ call }: Client): Promise<string> {
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "killed" } });
  for (let from = 0; from < ROWS; from += 1_000) {
    const items = Array.from({ length: 1_000 }, (_, at) => item(from + at));
    await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  }
  await call("POST /api/v1/datasets/:datasetId/draft/commit", {
    params: { datasetId },
    body: { message: "as it came" },
  });
  return datasetId;
}

test("kill -9 during curation: the draft holds whole steps only, and the job goes on to its end", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "treadle-curation-kill-"));
  const env = { TREADLE_BOOTSTRAP_KEY: `tr_${randomBytes(20).toString("hex")}`, TREADLE_SAMPLE_DATA: "false" };
  const open = async () => {
    const treadle = await startTreadle({ dataFolder, env });
    return { treadle, client: createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }) };
  };
  let { treadle, client } = await open();
  try {
    const datasetId = await fill(client);
    const params = { datasetId };
    const { jobId } = await client.call("POST /api/v1/datasets/:datasetId/curation/apply", {
      params,
      body: { steps: STEPS },
    });
    for (let kill = 0; kill < KILLS; kill++) {
      await delay(100 + Math.random() * 900);
      await treadle.stop("SIGKILL");
      ({ treadle, client } = await open());
      const { steps, applied, rows } = await client.call("GET /api/v1/datasets/:datasetId/draft", { params });
      expect(applied).toBe(steps.length);
      expect(steps.map(({ kind }) => kind)).toEqual(Array.from({ length: applied }, () => "curate"));
      expect(rows).toBe(ROWS - steps.reduce((sum, { counts }) => sum + counts.removed, 0));
    }
    const job = await endOf(client, jobId);
    expect(job).toMatchObject({ status: "done", error: null });
    const draft = await client.call("GET /api/v1/datasets/:datasetId/draft", { params });
    expect(draft.steps.map(({ counts }) => counts)).toEqual([
      { added: 0, removed: ROWS / 100, changed: 0 },
      { added: 0, removed: 0, changed: ROWS / 50 },
      { added: 0, removed: 0, changed: 0 },
      { added: 0, removed: 0, changed: ROWS - ROWS / 100 },
    ]);
    const { stats } = await client.call("POST /api/v1/datasets/:datasetId/draft/commit", {
      params,
      body: { message: "curated" },
    });
    expect(stats.rows).toBe(ROWS - ROWS / 100);
  } finally {
    await treadle.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}, 300_000);

async function endOf({ call }: Client, jobId: string) {
  for (let tries = 0; tries < 1_200; tries++) {
    const job = await call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    if (job.status === "done" || job.status === "failed") return job;
    await delay(100);
  }
  throw new Error("the job does not end");
}
