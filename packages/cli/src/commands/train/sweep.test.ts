import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTreadle } from "../../testing/run-treadle.ts";
import { startScriptedServer } from "../../testing/scripted-server.ts";

const trial = (number: number, more: object) => ({
  number,
  role: "search",
  params: { "lora.r": 4 * (number + 1) },
  seed: 42,
  status: "done",
  trainingRunId: "t",
  value: 2 - number / 10,
  seconds: 3,
  reports: [],
  message: "",
  ...more,
});
const sweep = {
  sweepId: "swp_1",
  name: "ranks",
  status: "done",
  message: "Trial 2 is best: eval_loss 1.900.",
  metric: "eval_loss",
  search: { "lora.r": { values: [4, 8] } },
  trialsMade: 2,
  trialList: [trial(0, { status: "pruned", message: "It fell behind." }), trial(1, {})],
  result: {
    best: 1,
    value: 1.9,
    front: [1],
    warnings: ["The best of 2 trials is partly lucky."],
    repeats: { values: [1.9, 1.95], mean: 1.925, low: 1.607, high: 2.243 },
    importance: [{ setting: "lora.r", share: 0.41 }],
  },
};

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let folder: string;
const asked: unknown[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "treadle-sweep-"));
  server = await startScriptedServer({
    "POST /api/v1/sweeps": ({ body }) => {
      asked.push(body);
      return { ...sweep, status: "running", trialList: [] };
    },
    "GET /api/v1/sweeps/swp_1": () => sweep,
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const treadle = (text: string, ...flags: string[]) => {
  const file = join(folder, "sweep.yaml");
  writeFileSync(file, text);
  return runTreadle(["sweep", file, "--url", server.url, "--key", "tr_x", ...flags]);
};

const FILE =
  "name: ranks\nconfig: { base_model: tiny, datasets: [{ ref: set }] }\nsearch: { lora.r: { values: [4, 8] } }\n";

test("a search is started from a file, followed trial by trial, and ends with the best and how far to trust it", async () => {
  const { stdout, stderr, code } = await treadle(FILE);
  expect(code).toBe(0);
  expect(asked[0]).toMatchObject({ search: { "lora.r": { values: [4, 8] } }, method: "tpe", repeats: 3 });
  expect(stderr).toContain("1  stopped early  lora.r 4  eval_loss 2.000  It fell behind.");
  expect(stdout).toContain("best      trial 2: lora.r 8");
  expect(stdout).toContain("again     1.925 [1.607, 2.243] over 2 other seeds");
  expect(stdout).toContain("lora.r  41 %");
  expect(stdout).toContain("partly lucky");
});

test("the answer comes as it is with --json", async () => {
  const { stdout } = await treadle(FILE, "--json");
  expect(JSON.parse(stdout)).toEqual(sweep);
});

test("all problems of a file are reported, and nothing is requested", async () => {
  const before = asked.length;
  const { stderr, code } = await treadle("name: ranks\nconfig: {}\nsearch: { lora.r: { min: 8, max: 4 } }\ntrial: 3\n");
  expect(code).toBe(64);
  expect(stderr).toContain("is not a valid sweep:");
  expect(stderr).toContain('has no field "trial"');
  expect(stderr).toContain("max: must be greater than `min`");
  expect(asked.length).toBe(before);
  expect((await treadle("name: [")).stderr).toContain("could not be read");
  expect((await treadle("search: {}")).stderr).toMatch(/name: is missing\n.*config: is missing/);
});
