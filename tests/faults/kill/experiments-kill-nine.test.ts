import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Client } from "../../../packages/sdk/src/index.ts";
import { startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openKillable } from "./killable.ts";

const ITEMS = 1_500;
const KILLS = 3;
const IN_FLIGHT = 8;

async function prepare({ call }: Client, baseUrl: string): Promise<string> {
  await call("POST /api/v1/connections", {
    body: { slug: "scripted", preset: "vllm", baseUrl, models: ["echo-1"], keys: [{ value: "sk-a" }] },
  });
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "killed" } });
  for (let from = 0; from < ITEMS; from += 500) {
    const items = Array.from({ length: 500 }, (_, at) => ({
      itemId: `q${from + at}`,
      inputs: { question: `Question ${from + at}` },
      expected: `You said: Question ${from + at}`,
    }));
    await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  }
  await call("POST /api/v1/datasets/:datasetId/draft/commit", { params: { datasetId }, body: { message: "all" } });
  return datasetId;
}

test("kill -9 during an experiment: every answer is there once, and few are paid for twice", async () => {
  const server = await openKillable();
  const provider = await startScriptedProvider();
  try {
    const datasetId = await prepare(server.client(), provider.baseUrl);
    const { experimentId } = await server.client().call("POST /api/v1/experiments", {
      body: {
        name: "Killed",
        dataset: { datasetId },
        variants: [{ name: "v", model: "scripted/echo-1" }],
        scorers: [{ kind: "exact-match", params: {} }],
        concurrency: IN_FLIGHT,
      },
    });
    for (let kill = 0; kill < KILLS; kill++) {
      const requestCount = provider.seen.length;
      for (let tries = 0; provider.seen.length < requestCount + 150 && tries < 200; tries++) await delay(20);
      await server.restart();
    }
    const experiment = await endOf(server.client(), experimentId);
    expect(experiment).toMatchObject({ status: "done", stopped: "finished", error: null });
    expect(experiment.runs[0]).toMatchObject({
      answers: ITEMS,
      errors: 0,
      scores: [{ value: 1, items: ITEMS, failed: 0 }],
    });
    // Answers that were in progress or not yet saved (up to 250 ms) are requested again.
    expect(provider.seen.length).toBeLessThan(ITEMS + KILLS * 700);
  } finally {
    await server.close();
    await provider.close();
  }
}, 240_000);

async function endOf({ call }: Client, experimentId: string) {
  for (let tries = 0; tries < 1_200; tries++) {
    const experiment = await call("GET /api/v1/experiments/:experimentId", { params: { experimentId } });
    if (experiment.status === "done" || experiment.status === "failed") return experiment;
    await delay(100);
  }
  throw new Error("the experiment does not end");
}
