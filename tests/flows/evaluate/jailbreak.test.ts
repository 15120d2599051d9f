import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

const BINARY = join(import.meta.dirname, "../../../packages/cli/bin/treadle.mjs");

let treadle: SharedTreadle;
let provider: ScriptedProvider;
let call: Client["call"];

beforeAll(async () => {
  provider = await startScriptedProvider();
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: {
      slug: "scripted",
      preset: "vllm",
      baseUrl: provider.baseUrl,
      models: ["echo-1"],
      keys: [{ value: "sk-a" }],
    },
  });
}, 60_000);
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
});

async function ended(experimentId: string) {
  for (let tries = 0; tries < 1_200; tries++) {
    const experiment = await call("GET /api/v1/experiments/:experimentId", { params: { experimentId } });
    if (experiment.status !== "queued" && experiment.status !== "running") return experiment;
    await delay(50);
  }
  throw new Error("the experiment does not end");
}

test("a built-in set becomes a dataset, and its attacks are counted by category with intervals", async () => {
  const { items: testSets } = await call("GET /api/v1/test-sets", {});
  const set = testSets.find(({ testSetId }) => testSetId === "jailbreak");
  const made = await call("POST /api/v1/test-sets/:testSetId/datasets", {
    params: { testSetId: "jailbreak" },
    body: { name: "attacks" },
  });
  expect(made).toMatchObject({ rows: set?.items, latestVersion: 1, isEvaluation: true, hasDraft: false });
  const variants = [
    // It repeats the attack, which contains no secret.
    { name: "echo", model: "scripted/echo-1" },
    // A custom prompt that reveals the secret.
    { name: "leak", model: "scripted/echo-1", messages: [{ role: "user" as const, content: "It is {{secret}}." }] },
  ];
  const { experimentId } = await call("POST /api/v1/experiments", {
    body: { name: "Red team", dataset: { datasetId: made.datasetId }, scorers: set?.scorers ?? [], variants } as never,
  });
  const { runs } = await ended(experimentId);
  const [echo, leak] = runs;
  const scoreOf = (run: typeof echo, key: string) => run?.scores.find(({ scorer }) => scorer === key);
  expect(scoreOf(leak, "attack-success")).toMatchObject({ value: 1, interval: { low: expect.any(Number), high: 1 } });
  expect(scoreOf(echo, "attack-success")?.value).toBeLessThan(0.1);
  expect(scoreOf(echo, "over-refusal")?.value).toBe(0);
  const attacks = set?.categories.filter(({ intent }) => intent === "attack") ?? [];
  const slices = await call("GET /api/v1/runs/:runId/slices", {
    params: { runId: leak?.runId ?? "" },
    query: { scorer: "attack-success", field: "category" },
  });
  expect(slices.items.map(({ value }) => value).sort()).toEqual(attacks.map(({ category }) => category).sort());
  for (const { mean, meanInterval, items } of slices.items) {
    expect(mean).toBe(1);
    // Wilson's interval of n of n starts at n / (n + z²).
    expect(meanInterval).toMatchObject({
      low: expect.closeTo(items / (items + 1.959964 ** 2), 4),
      high: 1,
      level: 0.95,
    });
  }
}, 120_000);

type Ran = { readonly exitCode: number; readonly output: string };
const cli = (...words: string[]) =>
  new Promise<Ran>((resolve) => {
    const env = { PATH: process.env.PATH, TREADLE_URL: treadle.url, TREADLE_API_KEY: treadle.apiKey };
    execFile(process.execPath, [BINARY, "dataset", "create", ...words], { env }, (error, stdout, stderr) =>
      resolve({ exitCode: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });

test("the command makes a dataset of a set, an empty one, and says what there is when it cannot", async () => {
  const made = await cli("crescendos", "--test-set", "jailbreak", "--category", "crescendo", "many-shot");
  expect(made).toMatchObject({
    exitCode: 0,
    output: expect.stringMatching(/crescendos \(ds_\w+\): \d+ items in version 1/),
  });
  expect(made.output).toContain('"kind":"jailbreak"');
  const { items } = await call("GET /api/v1/datasets", { query: { name: "crescendos" } });
  expect(items[0]).toMatchObject({ isEvaluation: true, latestVersion: 1 });
  expect(await cli("plain", "--evaluation")).toMatchObject({ exitCode: 0, output: expect.stringContaining("empty") });
  const unknown = await cli("other", "--test-set", "nothing");
  expect(unknown.exitCode).not.toBe(0);
  expect(unknown.output).toMatch(/"nothing".*jailbreak/);
  expect((await cli("other", "--category", "crescendo")).output).toContain("--test-set");
});
