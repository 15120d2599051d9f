import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeChats, openTrainingWorld, pullModel, type TrainingWorld, untilRun } from "../setup/training-world.ts";
import { deployTrained } from "./deploy-trained.ts";

/** Real training needs PyTorch and Hugging Face's libraries. The other tests use a fake trainer. */
const python = process.env.TREADLE_TRAINER_PYTHON;
const ENDED = new Set(["succeeded", "failed", "cancelled", "paused"]);

describe.runIf(python !== undefined)("with a Python that has the packages of the trainer", () => {
  let world: TrainingWorld;
  let folder = "";
  let config: Record<string, unknown>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "treadle-tiny-"));
    await promisify(execFile)(python ?? "", ["-m", "treadle_trainer", "make-tiny", "--out", folder], {
      env: { ...process.env, PYTHONPATH: join(import.meta.dirname, "../../packages/trainer/src") },
    });
    world = await openTrainingWorld(python);
    const { modelId } = await pullModel(world.client(), join(folder, "tiny.gguf"));
    config = {
      name: "tuned",
      base_model: modelId,
      datasets: [{ ref: await makeChats(world.client(), "chats", 24) }],
      sequence_len: 64,
      max_steps: 12,
      gradient_accumulation_steps: 2,
      learning_rate: 0.01,
      precision: "fp32",
      eval: { every: 4, samples: ["What is 3 and 3?"], sample_tokens: 4 },
      save: { every: 4 },
      lora: { r: 4 },
    };
  }, 300_000);
  afterAll(async () => {
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The result of an estimate's job. */
  async function estimated() {
    const { jobId } = await world.client().call("POST /api/v1/training/estimate", { body: { config } });
    const params = { jobId };
    for (;;) {
      const { status, error } = await world.client().call("GET /api/v1/jobs/:jobId", { params });
      if (status === "done") break;
      if (status === "failed" || status === "cancelled") throw new Error(`the estimate ${status}: ${error?.message}`);
      await delay(200);
    }
    return (await world.client().call("GET /api/v1/training/estimates/:jobId", { params })).estimate;
  }

  test("rows are shown as tokens with those that the loss leaves out, and an estimate is given", async () => {
    const preview = await world.client().call("POST /api/v1/training/preview", { body: { config, limit: 1 } });
    const [sample] = preview.samples;
    const learnt = sample?.tokens.filter(({ masked }) => !masked).map(({ text }) => text);
    expect(learnt?.join("")).toMatch(/^\d+<\|im_end\|>/);
    expect(sample?.trainable).toBe(learnt?.length);
    const estimate = await estimated();
    expect(estimate).toMatchObject({ steps: 12, trainable: expect.any(Number), rows: { train: expect.any(Number) } });
  }, 300_000);

  test("a model is trained, its loss falls, and its adapter is a version of the registry", async () => {
    const { trainingRunId } = await world.client().call("POST /api/v1/training-runs", { body: { config } });
    const run = await untilRun(world.client, trainingRunId, ({ status }) => ENDED.has(status));
    expect(run).toMatchObject({ status: "succeeded", error: null, stopReason: "completed", model: { name: "tuned" } });
    const params = { trainingRunId };
    const { series } = await world.client().call("GET /api/v1/training-runs/:trainingRunId/metrics", { params });
    const losses = series.find(({ key }) => key === "loss")?.points.map(([, loss]) => loss) ?? [];
    expect(losses).toHaveLength(12);
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
    const { items } = await world.client().call("GET /api/v1/training-runs/:trainingRunId/events", {
      params,
      query: { type: "sample" },
    });
    expect(items.length).toBeGreaterThan(0);
  }, 300_000);

  test("what a run took corrects the estimate of the next", async () => {
    expect((await estimated())?.seconds).toMatchObject({
      runs: 1,
      basis: expect.stringContaining("corrected by 1 run"),
    });
    const { trainingRunId } = await world.client().call("POST /api/v1/training-runs", { body: { config } });
    await untilRun(world.client, trainingRunId, ({ status }) => ENDED.has(status));
    const { items } = await world.client().call("GET /api/v1/training-runs/:trainingRunId/events", {
      params: { trainingRunId },
      query: { type: "estimate" },
    });
    expect(items[0]).toMatchObject({ seconds: expect.any(Number), memory_mb: expect.any(Number) });
  }, 300_000);

  test("the second adapter is promoted by a rollout, which the lineage of its answers shows down to the run", async () => {
    const { deployment, during, after } = await deployTrained(world, "tuned");
    expect(deployment).toMatchObject({ toVersion: 2, rollouts: [{ candidate: "current-v2", state: "promoted" }] });
    const variants = [during, after].map(({ steps }) => steps.find(({ kind }) => kind === "variant")?.label);
    expect(variants).toEqual(["current-v2", "current"]);
    for (const { steps } of [during, after]) {
      expect(steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["version", "training-run", "dataset"]));
      const rollout = steps.find(({ kind }) => kind === "rollout");
      expect(rollout?.facts).toContainEqual({ name: "State", value: "promoted" });
      expect(rollout?.facts.map(({ name }) => name)).toContain("Units compared");
    }
  }, 300_000);

  test("a run that is stopped between two evaluations gives the step that it stopped at, and rows that are too long are not recorded as trained", async () => {
    const data = { datasets: [{ ref: await makeChats(world.client(), "mixed", { short: 24, long: 8 }) }] };
    const long = { ...config, ...data, max_steps: 20_000, eval: { every: 5_000 }, save: { every: 5_000 } };
    const { trainingRunId } = await world.client().call("POST /api/v1/training-runs", { body: { config: long } });
    const started = await untilRun(
      world.client,
      trainingRunId,
      ({ status, progress }) => ENDED.has(status) || (progress.step ?? 0) >= 3,
    );
    expect(started).toMatchObject({ status: "running", error: null });
    const params = { trainingRunId };
    await world.client().call("POST /api/v1/training-runs/:trainingRunId/stop", { params });
    const run = await untilRun(world.client, trainingRunId, ({ status }) => ENDED.has(status));
    expect(run).toMatchObject({ status: "succeeded", stopReason: "user", result: { from: "best" } });
    expect(run.result?.step).toBe(run.progress.step);
    expect(run.result?.evalLoss).toBe(run.progress.evalLoss);
    const { items } = await world.client().call("GET /api/v1/lineage/training-runs/:trainingRunId/rows", {
      params,
      query: { limit: 100 },
    });
    const trained = items.filter(({ use }) => use === "trained" || use === "held out").length;
    expect(trained).toBe((run.data?.kept?.train ?? 0) + (run.data?.kept?.val ?? 0));
    expect(trained).toBe(24);
  }, 300_000);

  test("a server killed in the middle of a step finds training still running, and no event is lost", async () => {
    const { trainingRunId } = await world.client().call("POST /api/v1/training-runs", {
      body: { config: { ...config, name: "killed", max_steps: 20_000, save: { every: 500 }, eval: { every: 1_000 } } },
    });
    const params = { trainingRunId };
    let steps = 0;
    for (let kills = 0; kills < 2; kills++) {
      const { progress } = await untilRun(world.client, trainingRunId, ({ progress: { step } }) => (step ?? 0) > steps);
      steps = progress.step ?? 0;
      await world.killServer();
    }
    await untilRun(world.client, trainingRunId, ({ progress: { step } }) => (step ?? 0) > steps);
    await world.client().call("POST /api/v1/training-runs/:trainingRunId/stop", { params });
    const run = await untilRun(world.client, trainingRunId, ({ status }) => ENDED.has(status));
    expect(run).toMatchObject({ status: "succeeded", stopReason: "user", attempt: 1, warnings: [] });
    const events = await readFile(join(world.treadle().dataFolder, "training", trainingRunId, "events.jsonl"), "utf8");
    const seqs = events
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line).seq);
    expect(seqs).toEqual(Array.from(seqs, (_, place) => place + 1));
    const last = { after: String(seqs.length - 1), limit: "10" };
    const { items } = await world.client().call("GET /api/v1/training-runs/:trainingRunId/events", {
      params,
      query: last,
    });
    expect(items).toMatchObject([{ seq: seqs.length, type: "done" }]);
  }, 300_000);

  test("paused in the middle, it continues from its checkpoint", async () => {
    const { trainingRunId } = await world.client().call("POST /api/v1/training-runs", {
      body: { config: { ...config, name: "paused", max_steps: 20_000, save: { every: 5 } } },
    });
    await untilRun(world.client, trainingRunId, ({ progress }) => (progress.step ?? 0) >= 6);
    const params = { trainingRunId };
    await world.client().call("POST /api/v1/training-runs/:trainingRunId/pause", { params });
    const paused = await untilRun(world.client, trainingRunId, ({ status }) => ENDED.has(status));
    expect(paused).toMatchObject({ status: "paused", error: null });
    await world.client().call("POST /api/v1/training-runs/:trainingRunId/resume", { params });
    await untilRun(
      world.client,
      trainingRunId,
      ({ progress, status }) => status === "running" && (progress.step ?? 0) > (paused.progress.step ?? 0),
    );
    await world.client().call("POST /api/v1/training-runs/:trainingRunId/stop", { params });
    const run = await untilRun(world.client, trainingRunId, ({ status }) => ENDED.has(status));
    expect(run).toMatchObject({ status: "succeeded", stopReason: "user", attempt: 2 });
  }, 300_000);
});
