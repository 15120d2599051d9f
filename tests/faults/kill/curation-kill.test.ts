import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Client } from "../../../packages/sdk/src/index.ts";
import { openKillable } from "./killable.ts";

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
  // Every hundredth text is a duplicate, and every fiftieth contains an email address.
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

test("kill -9 during curation: the draft contains complete steps only, and the job continues to its end", async () => {
  const server = await openKillable();
  try {
    const datasetId = await fill(server.client());
    const params = { datasetId };
    const { jobId } = await server.client().call("POST /api/v1/datasets/:datasetId/curation/apply", {
      params,
      body: { steps: STEPS },
    });
    for (let kill = 0; kill < KILLS; kill++) {
      await delay(100 + Math.random() * 900);
      await server.restart();
      const { steps, applied, rows } = await server.client().call("GET /api/v1/datasets/:datasetId/draft", { params });
      expect(applied).toBe(steps.length);
      expect(steps.map(({ kind }) => kind)).toEqual(Array.from({ length: applied }, () => "curate"));
      expect(rows).toBe(ROWS - steps.reduce((sum, { counts }) => sum + counts.removed, 0));
    }
    const job = await endOf(server.client(), jobId);
    expect(job).toMatchObject({ status: "done", error: null });
    const draft = await server.client().call("GET /api/v1/datasets/:datasetId/draft", { params });
    expect(draft.steps.map(({ counts }) => counts)).toEqual([
      { added: 0, removed: ROWS / 100, changed: 0 },
      { added: 0, removed: 0, changed: ROWS / 50 },
      { added: 0, removed: 0, changed: 0 },
      { added: 0, removed: 0, changed: ROWS - ROWS / 100 },
    ]);
    const { stats } = await server.client().call("POST /api/v1/datasets/:datasetId/draft/commit", {
      params,
      body: { message: "curated" },
    });
    expect(stats.rows).toBe(ROWS - ROWS / 100);
  } finally {
    await server.close();
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
