import { readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { AppError } from "../../../../kernel/errors.ts";
import { createRay } from "../../../../platform/launch/ray.ts";
import { type FakeRay, startFakeRay } from "../../../../platform/launch/testing/fake-ray.ts";
import { createOutbound } from "../../../../platform/outbound/open.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { TRAINING_TIMING } from "../stores/deps.ts";
import { chat, type OpenTraining, openTraining, scope } from "../testing/open-training.ts";

/** The cluster runs what it is sent on this machine, where the shared folder has another name. */
const outbound = createOutbound({ allow: ["127.0.0.1"] });
const quick = { lookMs: 20, turnMs: 20, lostMs: 60_000, clusterMs: 20, askMs: 60_000 };
const timing = { ...TRAINING_TIMING, ...quick, awayMs: 60_000, pauseGraceMs: 20_000, cancelGraceMs: 20_000 };

let ray: FakeRay;
let open: OpenTraining;
let there = "";

const targets: TrainingDeps["targets"] = {
  async open(_projectId, { name }) {
    if (name !== "far") throw new AppError("unprocessable", { message: `There is no compute target "${name}".` });
    const settings = {
      kind: "ray",
      python: join(there, "python"),
      cpus: 2,
      gpus: 0,
      memoryGb: null,
      stopSeconds: 20,
    } as const;
    const toThere = (path: string) => path.replace(open.folder, there);
    const launcher = createRay({ outbound }).open({ url: ray.url, token: null, settings, toThere });
    const toHere = (path: string) => path.replace(there, open.folder);
    return { name, settings, launcher, toThere, toHere, manifestFor: () => null };
  },
};

beforeAll(async () => {
  ray = await startFakeRay();
  open = await openTraining({ set: Array.from({ length: 20 }, (_, place) => chat(place)) });
  there = `${open.folder}-there`;
  await symlink(open.folder, there);
  await open.reopen({ targets, timing });
}, 60_000);
afterEach(() => {
  Object.assign(ray.state, { isFull: false, isAway: false });
});
afterAll(async () => {
  await open?.close();
  await ray?.close();
  await outbound.close();
  await rm(there, { force: true });
});

const launcher = { type: "ray", target: "far" };
const seqs = async (id: string) => (await open.events(id)).map(({ seq }) => seq);
const counted = (events: readonly number[]) => Array.from({ length: events.length }, (_, at) => at + 1);

test("a run trains on a cluster, and all that it tells and gives is here", async () => {
  const { trainingRunId: id } = await open.start({ launcher });
  const run = await open.ended(id);
  expect(run).toMatchObject({ status: "succeeded", error: null, warnings: [], model: { name: "tuned" } });
  const numbers = await seqs(id);
  expect(numbers).toEqual(counted(numbers));
  expect(open.versions.at(-1)).toMatchObject({ runId: id, artifacts: [{ kind: "adapter", path: "final" }] });
  const job = JSON.parse(await readFile(join(open.folder, "training", id, "job.json"), "utf8"));
  expect(job).toMatchObject({
    base: { path: there },
    threads: 2,
    data: { train: join(there, "training", id, "data/train.jsonl") },
  });
  const [request] = [...ray.jobs.values()].map((one) => one.request);
  expect(request?.runtime_env.env_vars).toMatchObject({ PYTHONPATH: join(there, "training", id, "trainer") });
  expect(request?.runtime_env.env_vars).not.toHaveProperty("PATH");
  expect((await open.training.reads.logs(scope, id, 1_000)).text).toContain("The fake trainer begins");
}, 60_000);

test("paused, it saves there, and continues from its checkpoint", async () => {
  const { trainingRunId: id } = await open.start({ launcher, max_steps: 12 }, "waits");
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 3);
  await open.training.pause(scope, id);
  expect(await open.ended(id)).toMatchObject({ status: "paused", error: null });
  await open.training.resume(scope, id);
  expect(await open.ended(id)).toMatchObject({ status: "succeeded", attempt: 2, progress: { step: 12 } });
  const numbers = await seqs(id);
  expect(numbers).toEqual(counted(numbers));
}, 60_000);

test("a run there waits for no run here, and none here for it", async () => {
  const { trainingRunId: here } = await open.start({ max_steps: 12 }, "waits");
  await open.until(here, ({ progress }) => (progress.step ?? 0) >= 1);
  const { trainingRunId: far } = await open.start({ launcher });
  expect(await open.ended(far)).toMatchObject({ status: "succeeded" });
  expect((await open.training.get(scope, here)).status).toBe("running");
  await open.training.cancel(scope, here);
  await open.ended(here);
}, 60_000);

test("a cluster that is away for a while costs nothing, and the server may start again meanwhile", async () => {
  const { trainingRunId: id } = await open.start({ launcher, max_steps: 12 }, "waits");
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 2);
  ray.state.isAway = true;
  await open.until(id, ({ message }) => /responded with 503/.test(message));
  await open.reopen();
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 8);
  ray.state.isAway = false;
  await open.training.pause(scope, id);
  expect(await open.ended(id)).toMatchObject({ status: "paused", stopReason: "signal", error: null });
  const numbers = await seqs(id);
  expect(numbers).toEqual(counted(numbers));
}, 60_000);

test("a cluster that is away for too long, while nothing is heard, fails the run and says what is left there", async () => {
  await open.reopen({ targets, timing: { ...timing, awayMs: 200 } });
  const { trainingRunId: id } = await open.start({ launcher }, "silent");
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 2);
  ray.state.isAway = true;
  const run = await open.ended(id);
  expect(run).toMatchObject({ status: "failed", error: { kind: "platform", message: expect.stringContaining("503") } });
  ray.forget();
  await open.reopen({ targets, timing });
}, 60_000);

test("a cluster that loses its jobs has ended them, and the run can continue", async () => {
  const { trainingRunId: id } = await open.start({ launcher, max_steps: 12 }, "waits");
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 3);
  ray.forget();
  const run = await open.ended(id);
  expect(run).toMatchObject({ status: "failed", canResume: true, error: { code: "cluster_ended" } });
  expect(run.error?.message).toContain("no longer has the job");
  await open.training.resume(scope, id);
  expect(await open.ended(id)).toMatchObject({ status: "succeeded" });
}, 60_000);

test("a queued run is reported as queued, and can be canceled", async () => {
  ray.state.isFull = true;
  const { trainingRunId: id } = await open.start({ launcher });
  await open.until(id, ({ message }) => message === "Waiting for room on the cluster");
  await open.training.cancel(scope, id);
  expect(await open.ended(id)).toMatchObject({ status: "cancelled" });
}, 60_000);

test("invalid data and a failing trainer are distinguished there as on this machine", async () => {
  const { trainingRunId: bad } = await open.start({ launcher }, "bad-data");
  expect(await open.ended(bad)).toMatchObject({ status: "failed", error: { kind: "user", code: "bad_rows" } });
  const { trainingRunId: broken } = await open.start({ launcher }, "crash");
  expect(await open.ended(broken)).toMatchObject({ status: "failed", error: { kind: "platform" } });
}, 60_000);

test("a missing target is reported before the run starts", async () => {
  await expect(open.start({ launcher: { type: "ray", target: "nowhere" } })).rejects.toMatchObject({
    code: "unprocessable",
  });
});
