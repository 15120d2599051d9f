import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOf } from "../../../packages/server/src/platform/launch/process-identity.ts";
import { makeChats, openTrainingWorld, type TrainingWorld, untilRun } from "../../setup/training-world.ts";

let world: TrainingWorld;
let data = "";
beforeAll(async () => {
  world = await openTrainingWorld();
  data = await makeChats(world.client(), "chats", 12);
}, 180_000);
afterAll(() => world?.close());

const start = (config: object) =>
  world.client().call("POST /api/v1/training-runs", {
    body: {
      config: {
        base_model: world.modelId,
        datasets: [{ ref: data }],
        val: { fraction: 0 },
        chat_template: "{# fake:slow #}",
        eval: { every: 5 },
        save: { every: 5 },
        name: "killed",
        ...config,
      },
    },
  });

const ENDED = new Set(["succeeded", "failed", "cancelled", "paused"]);
const ended = (id: string) => untilRun(world.client, id, ({ status }) => ENDED.has(status));
const fileOf = (id: string, name: string) => readFile(join(world.treadle().dataFolder, "training", id, name), "utf8");

async function seqsOf(trainingRunId: string): Promise<number[]> {
  const params = { trainingRunId };
  const { items } = await world
    .client()
    .call("GET /api/v1/training-runs/:trainingRunId/events", { params, query: { limit: "1000" } });
  return items.map(({ seq }) => seq);
}
const withoutGap = (seqs: readonly number[]) => Array.from({ length: seqs.length }, (_, place) => place + 1);

test("kill -9 of the server in the middle of a run: one process trains on, no event is lost, none counts twice", async () => {
  const { trainingRunId: id } = await start({ max_steps: 120 });
  for (const step of [3, 30, 60]) {
    await untilRun(world.client, id, ({ progress }) => (progress.step ?? 0) >= step);
    await world.killServer();
  }
  const run = await ended(id);
  expect(run).toMatchObject({ status: "succeeded", attempt: 1, warnings: [], progress: { step: 120 } });
  expect(run.model).toMatchObject({ name: "killed" });
  expect((await fileOf(id, "begun.txt")).trim().split("\n")).toHaveLength(1);
  const seqs = await seqsOf(id);
  expect(seqs).toEqual(withoutGap(seqs));
  const lines = (await fileOf(id, "events.jsonl")).trim().split("\n");
  expect(seqs).toHaveLength(lines.length);
}, 240_000);

test("kill -9 of the worker: the run reports it, continues from its last complete checkpoint, and leaves no process", async () => {
  const { trainingRunId: id } = await start({ max_steps: 30 });
  await untilRun(world.client, id, ({ progress }) => (progress.step ?? 0) >= 7);
  const worker = Number((await fileOf(id, "begun.txt")).split("\n")[0]);
  process.kill(worker, "SIGKILL");
  const failed = await ended(id);
  expect(failed).toMatchObject({
    status: "failed",
    canResume: true,
    error: { kind: "platform", code: "killed" },
  });
  await world.client().call("POST /api/v1/training-runs/:trainingRunId/resume", { params: { trainingRunId: id } });
  expect(await ended(id)).toMatchObject({ status: "succeeded", attempt: 2, progress: { step: 30 } });
  // It resumes from the newest checkpoint, or from the one before if the newest was incomplete.
  const from = Number(/checkpoint-(\d+)$/.exec(JSON.parse(await fileOf(id, "job.json")).resume_from)?.[1]);
  const newest = Math.floor((failed.progress.step ?? 0) / 5) * 5;
  expect([newest, newest - 5]).toContain(from);
  expect(from).toBeGreaterThan(0);
  const seqs = await seqsOf(id);
  expect(seqs).toEqual(withoutGap(seqs));
  for (const attempt of [1, 2])
    expect(await startOf(Number((await fileOf(id, `attempt-${attempt}.pid`)).split("\n")[0]))).toBeNull();
}, 120_000);

test("kill -9 of both at once: nothing is trained twice, and the run can be resumed", async () => {
  const { trainingRunId: id } = await start({ max_steps: 40 });
  await untilRun(world.client, id, ({ progress }) => (progress.step ?? 0) >= 6);
  const worker = Number((await fileOf(id, "begun.txt")).split("\n")[0]);
  process.kill(-Number((await fileOf(id, "attempt-1.pid")).split("\n")[0]), "SIGKILL");
  await world.killServer();
  expect(await startOf(worker)).toBeNull();
  expect(await ended(id)).toMatchObject({ status: "failed", canResume: true, error: { code: "killed" } });
  await world.client().call("POST /api/v1/training-runs/:trainingRunId/resume", { params: { trainingRunId: id } });
  expect(await ended(id)).toMatchObject({ status: "succeeded", progress: { step: 40 } });
}, 120_000);
