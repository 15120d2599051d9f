import { setTimeout as delay } from "node:timers/promises";
import type { TrainingRun } from "@treadle/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createOutbound } from "../../../../platform/outbound/open.ts";
import { connectionTo } from "../../../build/gateway/testing/open-gateway.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { chat, type OpenTraining, openTraining, scope } from "../testing/open-training.ts";
import { failure, GOES_WELL, type ScriptedProvider, startProvider } from "../testing/scripted-provider.ts";

const outbound = createOutbound({ allow: ["127.0.0.1"] });
let open: OpenTraining;
let there: ScriptedProvider;
/** The project's connections. A test changes them. */
let connections: Awaited<ReturnType<TrainingDeps["connections"]["resolve"]>> = [];

const pair = (place: number) =>
  chat(place, {
    expected: {
      chosen: [{ role: "assistant", content: `good ${place}` }],
      rejected: [{ role: "assistant", content: `bad ${place}` }],
    },
  });
beforeAll(async () => {
  const many = (make: typeof chat) => Array.from({ length: 12 }, (_, place) => make(place));
  open = await openTraining({
    set: many(chat),
    pairs: many(pair),
    texts: [chat(1, { inputs: { text: "Once" }, expected: null })],
    split: many(chat).map((item, place) => ({ ...item, split: place < 2 ? "validation" : "train" })),
  });
}, 60_000);
beforeEach(async () => {
  there = await startProvider();
  connections = [connectionTo(there.url, { keys: [{ id: "k", value: there.key, weight: 1 }] })];
  // No Python: a provider needs none.
  await open.reopen({ outbound, connections: { resolve: async () => connections }, pythonPath: "/nowhere" });
  open.versions.length = 0;
});
afterEach(() => there.close());
afterAll(async () => {
  await open?.close();
  await outbound.close();
});

const start = (config: object = {}, launcher: object = {}): Promise<TrainingRun> =>
  open.training.start(scope, {
    config: {
      name: "tuned",
      base_model: "small-model",
      datasets: [{ ref: "set" }],
      val: { fraction: 0 },
      launcher: { type: "provider", connection: "openai", ...launcher },
      ...config,
    },
  });
const linesOf = (place: number) =>
  [...there.files.values()][place]?.content
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const RUNS_ON = GOES_WELL.slice(0, 3);

describe("a run at a provider", () => {
  test("sends its rows, follows the job, and gives a version that the connection answers for", async () => {
    const run = await start(
      { num_epochs: 2, datasets: [{ ref: "split" }] },
      { suffix: "acme", batch_size: 4, price_per_million_tokens: 25 },
    );
    const ended = await open.ended(run.trainingRunId);
    expect(ended).toMatchObject({
      status: "succeeded",
      stopReason: "completed",
      error: null,
      model: { name: "tuned", version: 1 },
      data: { format: "chat", train: 10, val: 2 },
      warnings: ["The rows are short."],
      costUsd: 0.1,
      progress: { step: 4, totalSteps: 4, loss: 1, evalLoss: 1.2, trainedTokens: 4_000, bestStep: 4, bestEvalLoss: 1 },
      remote: { connection: "openai", jobId: "ftjob-there-1", model: "ft:small:acme::abc" },
    });
    expect(there.jobs[0]?.asked).toMatchObject({
      model: "small-model",
      training_file: "file-there-1",
      validation_file: "file-there-2",
      suffix: "acme",
      method: {
        type: "supervised",
        supervised: { hyperparameters: { n_epochs: 2, batch_size: 4, learning_rate_multiplier: "auto" } },
      },
      metadata: { treadle_run: run.trainingRunId, treadle_attempt: "1" },
    });
    expect(linesOf(0)?.[0]).toEqual({
      messages: [
        { role: "user", content: "question 2" },
        { role: "assistant", content: "answer 2" },
      ],
    });
    expect(open.versions).toMatchObject([
      { name: "tuned", baseRef: "openai/small-model", remote: { connection: "openai", model: "ft:small:acme::abc" } },
    ]);
    const events = await open.events(run.trainingRunId);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place + 1));
    expect(events.filter(({ type }) => type === "metrics").map((event) => "step" in event && event.step)).toEqual([
      1, 2, 3, 4,
    ]);
    const { items } = await open.training.reads.checkpoints(scope, run.trainingRunId);
    expect(items).toMatchObject([
      { step: 4, isBest: true, isThere: true, sizeBytes: 0 },
      { step: 2, isBest: false, isThere: true },
    ]);
    expect((await open.training.reads.logs(scope, run.trainingRunId, 10_000)).text).toContain(
      "Fine-tuning job started",
    );
  });

  test("by pairs sends OpenAI's shape of preferences", async () => {
    const run = await start({ method: "dpo", beta: 0.2, datasets: [{ ref: "pairs" }] });
    await open.ended(run.trainingRunId);
    expect(there.jobs[0]?.asked).toMatchObject({ method: { type: "dpo", dpo: { hyperparameters: { beta: 0.2 } } } });
    expect(linesOf(0)?.[0]).toEqual({
      input: { messages: [{ role: "user", content: "question 0" }] },
      preferred_output: [{ role: "assistant", content: "good 0" }],
      non_preferred_output: [{ role: "assistant", content: "bad 0" }],
    });
  });

  test("does not wait for a run on this machine, and trains in parallel to others", async () => {
    there.play.scenes = RUNS_ON;
    const first = await start();
    await open.until(first.trainingRunId, ({ status }) => status === "running");
    there.play.scenes = GOES_WELL;
    const second = await start();
    expect(await open.ended(second.trainingRunId)).toMatchObject({ status: "succeeded" });
    await open.training.cancel(scope, first.trainingRunId);
    expect(await open.ended(first.trainingRunId)).toMatchObject({ status: "cancelled", model: null });
    expect(there.jobs[0]?.shown.status).toBe("cancelled");
  });

  test("is paused where the provider can, and resumed with the same job", async () => {
    there.play.scenes = RUNS_ON;
    const { trainingRunId: id } = await start();
    await open.until(id, ({ status }) => status === "running");
    await open.training.pause(scope, id);
    expect(await open.ended(id)).toMatchObject({ status: "paused", canResume: true });
    await open.training.resume(scope, id);
    expect(await open.ended(id)).toMatchObject({ status: "succeeded", attempt: 2 });
    expect(there.jobs).toHaveLength(1);
  });

  test("continues when the provider cannot pause, and reports it", async () => {
    there.play.scenes = RUNS_ON;
    there.meet("POST", /\/pause$/, failure(404, { message: "Unknown address" }));
    const { trainingRunId: id } = await start();
    await open.until(id, ({ status }) => status === "running");
    await open.training.pause(scope, id);
    const run = await open.until(id, ({ warnings }) =>
      warnings.some((words) => words.startsWith("The job could not be paused")),
    );
    expect(run).toMatchObject({ status: "running", wanted: "run" });
    await open.training.cancel(scope, id);
    await open.ended(id);
  });

  test("cannot be stopped with a result, nor told to save", async () => {
    there.play.scenes = RUNS_ON;
    const { trainingRunId: id } = await start();
    await open.until(id, ({ status }) => status === "running");
    await expect(open.training.stop(scope, id)).rejects.toMatchObject({ code: "conflict" });
    await expect(open.training.save(scope, id)).rejects.toMatchObject({ code: "conflict" });
    await open.training.cancel(scope, id);
    await open.ended(id);
  });

  test("says what it would cost before it is begun, where a price is given", async () => {
    const config = { base_model: "m", datasets: [{ ref: "set" }], num_epochs: 2, val: { fraction: 0 } };
    const launcher = { type: "provider", connection: "openai", price_per_million_tokens: 10 };
    const estimate = await open.estimated((await open.training.startEstimate(scope, { ...config, launcher })).jobId);
    expect(estimate).toMatchObject({ rows: { train: 12, val: 0, skipped: 0 }, epochs: 2, seconds: null });
    expect(estimate?.tokens).toBeGreaterThan(100);
    expect(estimate?.cost_usd).toBeCloseTo(((estimate?.tokens ?? 0) * 10) / 1e6, 6);
    await expect(
      open.training.preview(scope, { ...config, launcher }, { limit: 1, signal: AbortSignal.timeout(20_000) }),
    ).rejects.toMatchObject({ code: "unprocessable" });
    expect(there.asked).toEqual([]);
  });
});

describe("bad input for a provider", () => {
  test.each([
    [{ method: "kto", micro_batch_size: 2 }, "method"],
    [{ max_steps: 10 }, "max_steps"],
    [{ learning_rate: 0.1 }, "learning_rate"],
    [{ num_epochs: 1.5 }, "num_epochs"],
    [{ budget: { max_minutes: 5 } }, "budget"],
  ])("%o is refused before anything is sent", async (config, param) => {
    await expect(start(config)).rejects.toMatchObject({ code: "invalid_request", details: { param } });
    expect(there.asked).toEqual([]);
  });

  test("settings that a provider ignores are reported", () => {
    const launcher = { type: "provider", connection: "openai" };
    const config = { base_model: "m", datasets: [{ ref: "set" }], sequence_len: 128, launcher };
    expect(open.training.read(config).warnings).toEqual(["`sequence_len` has no effect at a provider and is ignored."]);
  });

  test("a connection that is not there, cannot fine-tune or is disabled is named, with those that can", async () => {
    await expect(start({}, { connection: "nobody" })).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(/"nobody".*openai/),
    });
    connections = [connectionTo(there.url, { slug: "claude", provider: "anthropic" })];
    await expect(start({}, { connection: "claude" })).rejects.toMatchObject({ code: "unprocessable" });
    connections = [connectionTo(there.url, { isEnabled: false })];
    await expect(start()).rejects.toMatchObject({ message: expect.stringContaining("disabled") });
  });

  test("rows that are not of OpenAI's format are named", async () => {
    const { trainingRunId: id } = await start({ datasets: [{ ref: "texts" }] });
    const run = await open.ended(id);
    expect(run).toMatchObject({
      status: "failed",
      error: { kind: "user", message: expect.stringContaining("item i1") },
    });
    expect(there.asked).toEqual([]);
  });
});

describe("a provider that refuses or fails", () => {
  test("the key: the run reports this without the key, and continues with its job when it is fixed", async () => {
    there.play.scenes = RUNS_ON;
    const { trainingRunId: id } = await start();
    await open.until(id, ({ status }) => status === "running");
    const [first] = connections;
    connections = first ? [{ ...first, keys: [{ id: "k", value: "sk-of-another", weight: 1 }] }] : [];
    await open.reopen({ outbound, connections: { resolve: async () => connections }, pythonPath: "/nowhere" });
    const failed = await open.ended(id);
    expect(failed).toMatchObject({
      status: "failed",
      error: { kind: "user", message: expect.stringContaining("401") },
    });
    connections = first ? [first] : [];
    const job = there.jobs[0];
    if (job) job.scenes = [...GOES_WELL.slice(3)];
    await open.training.resume(scope, id);
    expect(await open.ended(id)).toMatchObject({ status: "succeeded" });
    expect(there.jobs).toHaveLength(1);
  });

  test("with 429 is waited for as long as it says", async () => {
    there.meet("POST", /^\/files$/, failure(429, { message: "Slow down" }, { "retry-after": "1" }));
    const startedAt = performance.now();
    const { trainingRunId: id } = await start();
    await open.until(id, ({ message }) => message.includes("Slow down"));
    expect(await open.ended(id)).toMatchObject({ status: "succeeded" });
    expect(performance.now() - startedAt).toBeGreaterThan(1_000);
    expect(there.files.size).toBe(1);
  });

  test("an account without means is not waited for", async () => {
    there.meet("POST", /^\/files$/, failure(429, { message: "You exceeded your quota", code: "insufficient_quota" }));
    const { trainingRunId: id } = await start();
    expect(await open.ended(id)).toMatchObject({ error: { kind: "user", message: expect.stringContaining("quota") } });
  });

  test("the file is reported as rejected, with the provider's message", async () => {
    there.meet("POST", /^\/files$/, failure(400, { message: "Line 3 has no messages", param: "file" }));
    const { trainingRunId: id } = await start();
    const run = await open.ended(id);
    expect(run).toMatchObject({
      status: "failed",
      error: { kind: "user", message: expect.stringContaining("Line 3 has no messages") },
    });
    expect(there.jobs).toHaveLength(0);
  });

  test.each([
    [
      { code: "invalid_training_file", message: "The file has 3 examples, and 10 are needed.", param: "training_file" },
      "user",
    ],
    [{ code: "server_error", message: "The server had an error." }, "platform"],
  ])("the job itself, by %o", async (error, kind) => {
    there.play.scenes = [...RUNS_ON, { status: "failed", more: { error } }];
    const { trainingRunId: id } = await start();
    expect(await open.ended(id)).toMatchObject({
      status: "failed",
      model: null,
      canResume: true,
      error: { kind, code: error.code, message: expect.stringContaining(error.message) },
    });
    expect(open.versions).toEqual([]);
  });

  test("by cutting the line off while it is looked at, loses no event and counts none twice", async () => {
    there.play.scenes = [
      ...RUNS_ON,
      ...Array.from({ length: 6 }, () => ({ status: "running" })),
      ...GOES_WELL.slice(3),
    ];
    for (const path of [/^\/fine_tuning\/jobs\/[^/]+$/, /\/events$/])
      for (let time = 0; time < 2; time++) there.meet("GET", path, "cut");
    there.meet("GET", /\/checkpoints$/, failure(503, { message: "Overloaded" }));
    const { trainingRunId: id } = await start();
    expect(await open.ended(id)).toMatchObject({ status: "succeeded" });
    const events = await open.events(id);
    expect(events.filter(({ type }) => type === "metrics").map((event) => "step" in event && event.step)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(events.filter(({ type }) => type === "done")).toHaveLength(1);
  });
});

describe("a restart of the server", () => {
  test.each([true, false])(
    "between making a job and hearing of it finds that job (metadata kept: %s)",
    async (hasMetadata) => {
      there.play.hasMetadata = hasMetadata;
      there.play.scenes = [...RUNS_ON, ...GOES_WELL.slice(3)];
      there.meet("POST", /^\/fine_tuning\/jobs$/, "cut after the work");
      const { trainingRunId: id } = await start();
      while (there.jobs.length === 0) await delay(5);
      await open.reopen();
      expect(await open.ended(id)).toMatchObject({ status: "succeeded" });
      expect(there.jobs).toHaveLength(1);
      expect(there.files.size).toBe(1);
    },
  );

  test("while it trains reads on where it stopped", async () => {
    there.play.scenes = RUNS_ON;
    const { trainingRunId: id } = await start();
    await open.until(id, ({ progress }) => progress.step === 2);
    await open.reopen();
    const [job] = there.jobs;
    if (job) job.scenes = [...GOES_WELL.slice(3)];
    expect(await open.ended(id)).toMatchObject({ status: "succeeded" });
    const steps = (await open.events(id)).flatMap((event) => (event.type === "metrics" ? event.step : []));
    expect(steps).toEqual([1, 2, 3, 4]);
    expect(there.jobs).toHaveLength(1);
  });

  test("a run whose job of this server is cancelled cancels the job there too", async () => {
    there.play.scenes = RUNS_ON;
    const run = await start();
    await open.until(run.trainingRunId, ({ status }) => status === "running");
    await open.jobs.cancel(scope, run.jobId ?? "");
    expect(await open.ended(run.trainingRunId)).toMatchObject({ status: "cancelled" });
    expect(there.jobs[0]?.shown.status).toBe("cancelled");
  });
});
