import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLocalLauncher } from "../../../../platform/launch/local.ts";
import { scope, writeFakePython } from "../testing/open-training.ts";
import type { RewardDeps } from "./open-reward-model.ts";
import { createRewardModels, type RewardModels } from "./reward-models.ts";

let folder = "";
let deps: RewardDeps;
let models: RewardModels;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-rewards-"));
  await mkdir(join(folder, "a-model"));
  deps = {
    launcher: createLocalLauncher(),
    folder: join(folder, "training"),
    trainerFolder: folder,
    nice: 0,
    pythonPath: await writeFakePython(folder),
    registry: {
      baseFor: async () => ({ path: "/the/base", gguf: null, hash: "hash-now" }),
      findReward: async (_scope, ref) => ({ versionId: `id-of-${ref}`, name: ref }),
      openReward: async (_scope, ref) => ({
        folder: join(folder, ref === "headless" ? "nothing" : "a-model"),
        base: ref.startsWith("adapter") ? { ref: "base@v1", hash: ref === "adapter" ? "hash-now" : "hash-then" } : null,
      }),
    },
  };
  process.env.SECRET = "of the server";
  models = createRewardModels(deps);
});
afterEach(async () => {
  delete process.env.SECRET;
  models.close();
  await rm(folder, { recursive: true, force: true });
});

const never = new AbortController().signal;
const messages = [{ role: "user", content: "Why?" }];
const score = (answer: string, model = "a@v1", signal = never) =>
  models.score(scope, { model, messages, answer }, signal);
const batches = async () =>
  (await readFile(join(folder, "training", "batches.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("answers that wait are scored in batches by one process, which has none of the server's environment", async () => {
  const scores = await Promise.all(Array.from({ length: 40 }, (_, place) => score("x".repeat(place + 1))));
  expect(scores.map(({ reward }) => reward)).toEqual(Array.from({ length: 40 }, (_, place) => place + 1));
  expect(new Set(scores.map(({ tokens: pid }) => pid)).size).toBe(1);
  expect(scores[0]).toMatchObject({ model: "a@v1" });
  const sizes = await batches();
  expect(sizes.length).toBeLessThan(6);
  expect(sizes).toContainEqual({ size: 16, base: null });
});

test("an answer that cannot be scored leaves the others of its batch alone", async () => {
  const [first, second, third] = await Promise.allSettled([score("one"), score("long"), score("three")]);
  expect([first, third]).toMatchObject([{ value: { reward: 3 } }, { value: { reward: 5 } }]);
  expect(second).toMatchObject({ reason: { code: "unprocessable", message: "It is too long." } });
});

test("a process that dies fails its batch, and the next request starts another", async () => {
  await expect(score("crash")).rejects.toMatchObject({
    code: "model_failed",
    message: expect.stringMatching(/ended: Killed/),
  });
  expect(await score("four")).toMatchObject({ reward: 4 });
});

test("a request that is aborted ends immediately, and the others continue", async () => {
  const leaving = new AbortController();
  const first = score("slow");
  const left = score("left", "a@v1", leaving.signal);
  await wait(50);
  leaving.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  expect(await first).toMatchObject({ reward: 4 });
});

test("at most two models stay in memory, and an idle one ends", async () => {
  models = createRewardModels(deps, { idleMs: 1_000 });
  const pids: number[] = [];
  for (const model of ["a@v1", "b@v1", "c@v1"]) pids.push((await score("x", model)).tokens);
  await expect.poll(() => isAlive(pids[0] ?? 0)).toBe(false);
  expect((await score("x", "c@v1")).tokens).toBe(pids[2]);
  await expect.poll(() => pids.some(isAlive), { timeout: 10_000 }).toBe(false);
  expect((await score("x", "c@v1")).tokens).not.toBe(pids[2]);
});

test("an adapter is loaded over its base, and refused over a base that has changed", async () => {
  await score("x", "adapter");
  expect(await batches()).toEqual([{ size: 1, base: "/the/base" }]);
  await expect(score("x", "adapter-over-another")).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringMatching(/base@v1 has changed/),
  });
});

test("a model that cannot be loaded and a server without a trainer say what to do", async () => {
  await expect(score("x", "headless")).rejects.toMatchObject({
    code: "unprocessable",
    message: "It has no head. Train one.",
  });
  models = createRewardModels({ ...deps, pythonPath: null });
  await expect(score("x")).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringMatching(/treadle trainer install/),
  });
});
