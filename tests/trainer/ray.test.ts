import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningRay, startRay } from "../setup/start-ray.ts";
import { makeChats, openTrainingWorld, pullModel, type TrainingWorld, untilRun } from "../setup/training-world.ts";

/** The Python of the trainer, and the program `ray` of an environment with `requirements-ray.txt`. */
const python = process.env.TREADLE_TRAINER_PYTHON;
const program = process.env.TREADLE_RAY;
const ENDED = new Set(["succeeded", "failed", "cancelled", "paused"]);

describe.runIf(python !== undefined && program !== undefined)("with a Ray cluster that wants a token", () => {
  let ray: RunningRay;
  let world: TrainingWorld;
  let folder = "";
  let config: Record<string, unknown>;
  let computeTargetId = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "treadle-tiny-"));
    ray = await startRay(program ?? "");
    await promisify(execFile)(python ?? "", ["-m", "treadle_trainer", "make-tiny", "--out", folder], {
      env: { ...process.env, PYTHONPATH: join(import.meta.dirname, "../../packages/trainer/src") },
    });
    world = await openTrainingWorld(python, { TREADLE_OUTBOUND_ALLOW: "127.0.0.1" });
    const { modelId } = await pullModel(world.client(), join(folder, "tiny.gguf"));
    const settings = { kind: "ray", python: python ?? "", cpus: 1, stopSeconds: 60 } as const;
    const body = { name: "cluster", url: ray.url, token: ray.token, settings };
    ({ computeTargetId } = await world.client().call("POST /api/v1/compute-targets", { body }));
    config = {
      name: "tuned",
      base_model: modelId,
      datasets: [{ ref: await makeChats(world.client(), "chats", 24) }],
      sequence_len: 64,
      max_steps: 8,
      gradient_accumulation_steps: 2,
      learning_rate: 0.01,
      precision: "fp32",
      eval: { every: 4 },
      save: { every: 4 },
      lora: { r: 4 },
    };
  }, 600_000);
  afterAll(async () => {
    await world?.close();
    await ray?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (launcher: object, more: object = {}) =>
    world.client().call("POST /api/v1/training-runs", { body: { config: { ...config, launcher, ...more } } });
  const ended = ({ trainingRunId }: { trainingRunId: string }) =>
    untilRun(world.client, trainingRunId, ({ status }) => ENDED.has(status));
  const lossesOf = async (trainingRunId: string) => {
    const params = { trainingRunId };
    const { series } = await world.client().call("GET /api/v1/training-runs/:trainingRunId/metrics", { params });
    return series.find(({ key }) => key === "loss")?.points.map(([, loss]) => loss) ?? [];
  };

  test("a test of the target says who answers, and that a wrong token is wrong", async () => {
    const params = { computeTargetId };
    const result = await world.client().call("POST /api/v1/compute-targets/:computeTargetId/test", { params });
    expect(result).toMatchObject({ ok: true, message: expect.stringMatching(/^Ray 2\.\d+\.\d+ responded/) });
    const body = { name: "stranger", url: ray.url, token: "wrong", settings: { kind: "ray" } } as const;
    const other = await world.client().call("POST /api/v1/compute-targets", { body });
    const refused = await world.client().call("POST /api/v1/compute-targets/:computeTargetId/test", { params: other });
    expect(refused).toMatchObject({ ok: false, message: expect.stringContaining("rejects the token") });
  });

  test("the same run gives there what it gives here, and no event is missing", async () => {
    const here = await ended(await start({ type: "local" }));
    const there = await ended(await start({ type: "ray", target: "cluster" }));
    expect(there).toMatchObject({ status: "succeeded", error: null, warnings: [], stopReason: "completed" });
    expect(there.model).toEqual({ name: "tuned", version: 2 });
    const losses = await lossesOf(there.trainingRunId);
    expect(losses).toHaveLength(8);
    for (const [place, loss] of (await lossesOf(here.trainingRunId)).entries())
      expect(losses[place]).toBeCloseTo(loss, 5);
    const params = { trainingRunId: there.trainingRunId };
    const query = { limit: 1_000 };
    const { items } = await world.client().call("GET /api/v1/training-runs/:trainingRunId/events", { params, query });
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, place) => place + 1));
    const checkpoints = await world.client().call("GET /api/v1/training-runs/:trainingRunId/checkpoints", { params });
    expect(checkpoints.items.map(({ step, isThere }) => [step, isThere])).toContainEqual([8, true]);
  }, 600_000);

  test("paused, it saves there, and continues from its checkpoint, over a kill of the server", async () => {
    const { trainingRunId } = await start(
      { type: "ray", target: "cluster" },
      // More steps than any machine completes in this time. On a busy machine, the last steps may be reported together with the end.
      { name: "paused", max_steps: 100_000, save: { every: 5 } },
    );
    await untilRun(world.client, trainingRunId, ({ progress }) => (progress.step ?? 0) >= 6);
    await world.killServer();
    await untilRun(world.client, trainingRunId, ({ progress }) => (progress.step ?? 0) >= 10);
    const params = { trainingRunId };
    await world.client().call("POST /api/v1/training-runs/:trainingRunId/pause", { params });
    const paused = await ended({ trainingRunId });
    expect(paused).toMatchObject({ status: "paused", error: null, warnings: [] });
    await world.client().call("POST /api/v1/training-runs/:trainingRunId/resume", { params });
    await untilRun(
      world.client,
      trainingRunId,
      ({ progress, status }) => status === "running" && (progress.step ?? 0) > (paused.progress.step ?? 0),
    );
    await world.client().call("POST /api/v1/training-runs/:trainingRunId/stop", { params });
    expect(await ended({ trainingRunId })).toMatchObject({ status: "succeeded", stopReason: "user", attempt: 2 });
  }, 600_000);

  test("a job that cannot begin says why, in the cluster's own words", async () => {
    const params = { computeTargetId };
    const settings = { kind: "ray", python: "/no/such/python" } as const;
    await world.client().call("PATCH /api/v1/compute-targets/:computeTargetId", { params, body: { settings } });
    const run = await ended(await start({ type: "ray", target: "cluster" }));
    expect(run).toMatchObject({ status: "failed", error: { kind: "platform" } });
    expect(run.error?.message).toMatch(/not found|No such file|exit code 12[67]/);
  }, 600_000);
});
