import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import { startOf } from "../../../platform/launch/process-identity.ts";
import { TRAINING_TIMING } from "./stores/deps.ts";
import { chat, type OpenTraining, openTraining, scope } from "./testing/open-training.ts";

let open: OpenTraining;
beforeAll(async () => {
  open = await openTraining({ set: Array.from({ length: 20 }, (_, place) => chat(place)) });
}, 60_000);
beforeEach(() => {
  open.versions.length = 0;
});
afterAll(() => open?.close());

const folderOf = (id: string) => join(open.folder, "training", id);
const readJob = async (id: string) => JSON.parse(await readFile(join(folderOf(id), "job.json"), "utf8"));
const startLines = async (id: string) => (await readFile(join(folderOf(id), "begun.txt"), "utf8")).trim().split("\n");
const pidOf = async (id: string) =>
  Number((await readFile(join(folderOf(id), "attempt-1.pid"), "utf8")).split("\n")[0]);
const seqs = async (id: string) => (await open.events(id)).map(({ seq }) => seq);
const counted = (events: readonly number[]) => Array.from({ length: events.length }, (_, at) => at + 1);

test("a run trains, tells all it does, and its result is a version of the registry", async () => {
  const started = await open.start();
  expect(started).toMatchObject({ status: "queued", name: "tuned", createdBy: "Ada", canResume: false, attempt: 1 });
  const run = await open.ended(started.trainingRunId);
  expect(run).toMatchObject({
    status: "succeeded",
    stopReason: "completed",
    model: { name: "tuned", version: 1 },
    warnings: [],
    error: null,
    data: { format: "chat", train: 20, val: 0, skipped: 0, sources: [{ ref: "set", datasetId: "ds_set", rows: 20 }] },
    progress: { step: 6, totalSteps: 6, loss: 0.5, bestEvalLoss: 0.5, trainedTokens: 60, memoryMb: 100 },
    base: { ref: "tiny", hash: "hash-of-tiny" },
  });
  expect(open.versions).toMatchObject([
    {
      runId: run.trainingRunId,
      name: "tuned",
      baseHash: "hash-of-tiny",
      artifacts: [{ kind: "adapter", path: "final" }],
    },
  ]);
  const numbers = await seqs(run.trainingRunId);
  expect(numbers).toEqual(counted(numbers));
  const { series } = await open.training.reads.metrics(scope, run.trainingRunId, 100);
  expect(series.find(({ key }) => key === "loss")?.points).toHaveLength(6);
  expect((await open.training.reads.logs(scope, run.trainingRunId, 1_000)).text).toContain("The fake trainer begins");
  const { items } = await open.training.reads.checkpoints(scope, run.trainingRunId);
  expect(items.map(({ step, isBest, isThere }) => ({ step, isBest, isThere }))).toEqual([
    { step: 6, isBest: true, isThere: true },
    { step: 4, isBest: false, isThere: false },
    { step: 2, isBest: false, isThere: false },
  ]);
}, 30_000);

test("what the trainer is given is whole, and holds no path that is not its own", async () => {
  const { trainingRunId: id } = await open.start({
    learning_rate: "auto",
    export: { gguf: "adapter" },
    eval: { samples: ["Hi?"] },
  });
  await open.ended(id);
  expect(await readJob(id)).toMatchObject({
    v: 1,
    job: id,
    method: "sft",
    learning_rate: 0.0002,
    num_epochs: null,
    max_steps: 6,
    resume_from: null,
    base: { path: open.folder, hash: "hash-of-tiny" },
    data: { train: join(folderOf(id), "data/train.jsonl"), val: null, format: "chat" },
    eval: { samples: [[{ role: "user", content: "Hi?" }]] },
  });
  const [line = ""] = (await readFile(join(folderOf(id), "data/train.jsonl"), "utf8")).split("\n");
  expect(JSON.parse(line)).toEqual({
    _row: { source: 0, item: "i0" },
    messages: [
      { role: "user", content: "question 0" },
      { role: "assistant", content: "answer 0" },
    ],
  });
}, 30_000);

test("two runs for one machine: one trains, the other waits with its place", async () => {
  const first = await open.start({ max_steps: 20 }, "slow");
  const second = await open.start({ name: "second" });
  const third = await open.start({ name: "third" });
  await open.until(first.trainingRunId, ({ status }) => status === "running");
  expect(await open.training.get(scope, second.trainingRunId)).toMatchObject({ status: "queued", queuePosition: 1 });
  expect(await open.training.get(scope, third.trainingRunId)).toMatchObject({ status: "queued", queuePosition: 2 });
  expect(await open.training.cancel(scope, second.trainingRunId)).toMatchObject({ status: "cancelled" });
  await open.training.stop(scope, first.trainingRunId);
  expect(await open.ended(third.trainingRunId)).toMatchObject({ status: "succeeded" });
}, 60_000);

test("stopped early, a run saves what it has learned", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 500 });
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 3);
  await open.training.stop(scope, id);
  const run = await open.ended(id);
  expect(run).toMatchObject({ status: "succeeded", stopReason: "user", model: { name: "tuned" } });
  expect(run.progress.step).toBeLessThan(500);
}, 30_000);

test("paused and resumed, a run continues from its last complete checkpoint, and its event numbers continue", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 20 }, "waits");
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 5);
  await open.training.pause(scope, id);
  const paused = await open.ended(id);
  expect(paused).toMatchObject({ status: "paused", canResume: true, model: null });
  await open.training.resume(scope, id);
  expect(await open.ended(id)).toMatchObject({ status: "succeeded", attempt: 2, progress: { step: 20 } });
  expect((await readJob(id)).resume_from).toBe(join(folderOf(id), `checkpoints/checkpoint-${paused.progress.step}`));
  const numbers = await seqs(id);
  expect(numbers).toEqual(counted(numbers));
}, 30_000);

test("a checkpoint that is not whole is passed over", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 20 }, "waits");
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 7);
  await open.training.pause(scope, id);
  await open.ended(id);
  const { items } = await open.training.reads.checkpoints(scope, id);
  const [newest, before] = items;
  await writeFile(join(folderOf(id), `checkpoints/checkpoint-${newest?.step}/adapter.safetensors`), "half");
  await open.training.resume(scope, id);
  await open.ended(id);
  expect((await readJob(id)).resume_from).toBe(join(folderOf(id), `checkpoints/checkpoint-${before?.step}`));
}, 30_000);

test("cancelled, a run gives no model and leaves no process", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 500 }, "slow");
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 1);
  const pid = await pidOf(id);
  await open.training.cancel(scope, id);
  expect(await open.ended(id)).toMatchObject({ status: "cancelled", model: null });
  expect(await startOf(pid)).toBeNull();
  expect(open.versions).toEqual([]);
}, 30_000);

test("a job that is cancelled where jobs are listed ends its run", async () => {
  const { trainingRunId: id, jobId } = await open.start({ max_steps: 500 }, "slow");
  await open.until(id, ({ status }) => status === "running");
  await open.jobs.cancel(scope, jobId ?? "");
  expect(await open.ended(id)).toMatchObject({ status: "cancelled" });
  expect(await startOf(await pidOf(id))).toBeNull();
}, 30_000);

test("a server that restarts finds its process again, and no event is lost or counted twice", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 40 });
  for (const step of [5, 15, 25]) {
    await open.until(id, ({ progress }) => (progress.step ?? 0) >= step);
    await open.reopen();
  }
  expect(await open.ended(id)).toMatchObject({ status: "succeeded", attempt: 1, progress: { step: 40 } });
  expect(await startLines(id)).toHaveLength(1);
  const numbers = await seqs(id);
  expect(numbers).toEqual(counted(numbers));
}, 60_000);

test("a run that ended while no server ran is reported afterwards", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 10 });
  await open.until(id, ({ status }) => status === "running");
  await open.jobs.close();
  const hasEnded = async () => (await readFile(join(folderOf(id), "events.jsonl"), "utf8")).includes('"type":"done"');
  for (let tries = 0; tries < 500 && !(await hasEnded()); tries++) await delay(20);
  await open.reopen();
  expect(await open.ended(id)).toMatchObject({ status: "succeeded", progress: { step: 10 } });
}, 30_000);

test("a killed worker is reported as killed, and the run can continue", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 20 }, "waits");
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 5);
  process.kill(Number((await startLines(id))[0]), "SIGKILL");
  expect(await open.ended(id)).toMatchObject({
    status: "failed",
    canResume: true,
    error: { kind: "platform", code: "killed" },
  });
  await open.training.resume(scope, id);
  expect(await open.ended(id)).toMatchObject({ status: "succeeded", error: null, progress: { step: 20 } });
  const numbers = await seqs(id);
  expect(numbers).toEqual(counted(numbers));
}, 30_000);

test.each([
  ["bad-data", { kind: "user", code: "bad_rows", message: "Row 3 is not of the format.", whatToDo: "Mend it." }],
  ["crash", { kind: "platform", code: "training_failed", message: "The trainer failed: RuntimeError: it broke" }],
  ["nan", { kind: "user", code: "non_finite_loss" }],
  ["mute", { kind: "platform", code: "no_result" }],
])(
  "a trainer that fails by %s says whose fault it is",
  async (behaviour, error) => {
    const { trainingRunId: id } = await open.start({}, behaviour);
    expect(await open.ended(id)).toMatchObject({ status: "failed", model: null, error });
  },
  30_000,
);

test("invalid event lines do not stop the run, and are reported", async () => {
  const { trainingRunId: id } = await open.start({}, "garbage");
  const run = await open.ended(id);
  expect(run.status).toBe("succeeded");
  expect(run.warnings.filter((warning) => warning.includes("cannot be read"))).toHaveLength(3);
  const numbers = await seqs(id);
  expect(numbers).toEqual(counted(numbers));
}, 30_000);

test("a result outside of the run's folder is none", async () => {
  const { trainingRunId: id } = await open.start({}, "outside");
  await open.ended(id);
  expect(open.versions[0]?.artifacts).toMatchObject([{ path: "final" }]);
}, 30_000);

test("missing events are reported, and repeated events are not counted", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 20 }, "waits");
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 2);
  await open.training.pause(scope, id);
  await open.ended(id);
  const last = (await seqs(id)).at(-1) ?? 0;
  const warningLine = (seq: number) =>
    `${JSON.stringify({ v: 1, seq, t: 1, type: "warning", code: "x", message: `says ${seq}` })}\n`;
  await appendFile(join(folderOf(id), "events.jsonl"), warningLine(1) + warningLine(last + 3));
  await open.training.resume(scope, id);
  const run = await open.ended(id);
  expect(run.warnings).toContain(`The trainer's events ${last + 1} to ${last + 2} are missing.`);
  expect(run.warnings).not.toContain("says 1");
}, 30_000);

test("a trainer that is not heard of any more is ended, by a clock that never jumps", async () => {
  let jump = 0;
  const clock = { now: () => Date.now() + jump, elapsed: () => performance.now() };
  await open.reopen({
    clock,
    timing: {
      ...TRAINING_TIMING,
      lookMs: 20,
      turnMs: 20,
      lostMs: 2_500,
      pauseGraceMs: 0,
      cancelGraceMs: 0,
      askMs: 1_000,
    },
  });
  const well = await open.start({ max_steps: 20 });
  await open.until(well.trainingRunId, ({ status }) => status === "running");
  jump = -3_600_000;
  await open.until(well.trainingRunId, ({ progress }) => (progress.step ?? 0) >= 10);
  jump = 7_200_000;
  expect(await open.ended(well.trainingRunId)).toMatchObject({ status: "succeeded" });
  const { trainingRunId: id } = await open.start({}, "silent,deaf");
  expect(await open.ended(id)).toMatchObject({ status: "failed", error: { code: "not_heard_of" } });
  expect(await startOf(await pidOf(id))).toBeNull();
  await open.reopen({});
}, 60_000);

test("a full disk is reported before the run starts", async () => {
  await open.reopen({ freeBytes: async () => 100_000_000 });
  const { trainingRunId: id } = await open.start();
  const run = await open.ended(id);
  expect(run).toMatchObject({ status: "failed", error: { kind: "platform", code: "insufficient_storage" } });
  expect(run.error?.message).toContain("Only 100 MB are free");
  await open.reopen({});
}, 30_000);

test("without a trainer nothing is started, and the installation is explained", async () => {
  await open.reopen({ pythonPath: null });
  await expect(open.start()).rejects.toThrow(/treadle trainer install/);
  const signal = new AbortController().signal;
  expect(await open.training.trainer.get(scope, { probe: true, signal })).toMatchObject({
    state: "missing",
    python: null,
  });
  await expect(open.training.preview(scope, minimal, { limit: 1, signal })).rejects.toThrow(/treadle trainer install/);
  await open.reopen({ pythonPath: join(open.folder, "nobody") });
  await expect(open.start()).rejects.toThrow(/TREADLE_TRAINER_PYTHON is .*nobody, but there is no program/);
  await open.reopen({});
}, 30_000);

const minimal = { base_model: "tiny", datasets: [{ ref: "set" }], val: { fraction: 0 } };

test.each([
  [{ base_model: "nobody" }, /There is no model "nobody"/],
  [{ datasets: [{ ref: "gone@1" }] }, /There is no dataset "gone" .* deleted/],
  [{ datasets: [{ ref: "set@7" }] }, /The dataset "set" has no version "7"/],
  [{ datasets: [{ ref: "file-unknown" }] }, /no file "file-unknown"/],
  [{ sequence_lenn: 8 }, /did you mean `sequence_len`/],
])("%j is refused before a run exists", async (config, words) => {
  await expect(open.start(config)).rejects.toThrow(words);
});

test("data that was deleted while a run waited fails it with a clear sentence", async () => {
  open.data.set("short", [chat(1)]);
  const first = await open.start({ max_steps: 500 }, "slow");
  const waiting = await open.start({ datasets: [{ ref: "short" }] });
  open.data.delete("short");
  await open.training.cancel(scope, first.trainingRunId);
  const run = await open.ended(waiting.trainingRunId);
  expect(run).toMatchObject({ status: "failed", error: { kind: "user", code: "not_found" } });
  expect(run.error?.message).toContain('There is no dataset "short"');
}, 30_000);

test("asked twice with one name for the request, one run is started", async () => {
  const ask = () => open.training.start(scope, { config: { ...minimal, max_steps: 1 }, requestId: "once" });
  const [one, two] = await Promise.all([ask(), ask()]);
  expect(two.trainingRunId).toBe(one.trainingRunId);
  expect((await ask()).trainingRunId).toBe(one.trainingRunId);
  await open.ended(one.trainingRunId);
}, 30_000);

test("events are followed from a place until the run has ended", async () => {
  const { trainingRunId: id } = await open.start();
  const signal = new AbortController().signal;
  const all: number[] = [];
  for await (const { seq } of await open.training.reads.watch(scope, id, { after: 0, lastEventId: undefined, signal }))
    all.push(seq);
  expect(all).toEqual(counted(all));
  const rest: number[] = [];
  for await (const { seq } of await open.training.reads.watch(scope, id, { after: 0, lastEventId: "5", signal }))
    rest.push(seq);
  expect(rest).toEqual(all.slice(5));
  await expect(open.training.reads.watch(scope, id, { after: 0, lastEventId: "x", signal })).rejects.toThrow(
    /Last-Event-ID/,
  );
}, 30_000);

test("an ended run is not stopped, an active run is not deleted, and a deleted run is removed with its files", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 200 }, "slow");
  await open.until(id, ({ status }) => status === "running");
  await expect(open.training.delete(scope, id)).rejects.toThrow(/in progress/);
  await open.training.cancel(scope, id);
  await open.ended(id);
  for (const verb of ["stop", "pause", "cancel", "save"] as const)
    await expect(open.training[verb](scope, id)).rejects.toMatchObject({ code: "conflict" });
  await open.training.delete(scope, id);
  await expect(open.training.get(scope, id)).rejects.toMatchObject({ code: "not_found" });
  await expect(readFile(join(folderOf(id), "job.json"))).rejects.toThrow(/ENOENT/);
}, 30_000);

test("a run whose folder is missing cannot continue, and reports this", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 200 }, "slow");
  await open.until(id, ({ status }) => status === "running");
  await open.training.cancel(scope, id);
  await open.ended(id);
  await rm(folderOf(id), { recursive: true });
  await expect(open.training.resume(scope, id)).rejects.toThrow(/folder of the run is no longer on this machine/);
  await mkdir(folderOf(id), { recursive: true });
}, 30_000);

test("checkpoints of a run that was given up long ago make room, all but the newest", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 500 });
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 7);
  await open.training.cancel(scope, id);
  await open.ended(id);
  const checkpointSteps = async () =>
    (await open.training.reads.checkpoints(scope, id)).items.filter((one) => one.isThere).map(({ step }) => step);
  const before = await checkpointSteps();
  expect(before.length).toBeGreaterThan(2);
  const clock = { now: () => Date.now() + 15 * DAY_MS, elapsed: () => performance.now() };
  await open.reopen({ clock });
  await open.ended((await open.start()).trainingRunId);
  expect(await checkpointSteps()).toEqual(before.slice(0, 1));
  await open.reopen({});
}, 60_000);

test("a preview comes from the trainer, and a refusal is the caller's mistake", async () => {
  const signal = new AbortController().signal;
  const preview = await open.training.preview(scope, minimal, { limit: 2, signal });
  expect(preview.samples).toHaveLength(2);
  expect(preview.samples[0]?.tokens).toMatchObject([{ masked: true }, { masked: false }]);
  const wrong = { ...minimal, chat_template: "{# fake:refuse #}" };
  await expect(open.training.preview(scope, wrong, { limit: 1, signal })).rejects.toMatchObject({
    code: "unprocessable",
    message: "Row 1 is wrong. Mend it.",
  });
}, 30_000);

test("a base that is only a GGUF is read into a folder once", async () => {
  const { trainingRunId: id } = await open.start({ base_model: "gguf" });
  expect(await open.ended(id)).toMatchObject({ status: "succeeded" });
  expect((await readJob(id)).base.path).toBe(join(open.folder, "training/bases/hash-of-gguf"));
}, 30_000);

test("another project sees nothing of a run", async () => {
  const { trainingRunId: id } = await open.start();
  const other = { ...scope, projectId: "proj_2" };
  await expect(open.training.get(other, id)).rejects.toMatchObject({ code: "not_found" });
  await expect(open.training.reads.events(other, id, { after: 0, limit: 1 })).rejects.toMatchObject({
    code: "not_found",
  });
  expect((await open.training.list(other, { search: "", limit: 10 })).items).toEqual([]);
  await open.ended(id);
}, 30_000);
