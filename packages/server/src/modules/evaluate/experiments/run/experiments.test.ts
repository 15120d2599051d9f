import { type Item, RunItemsQuery } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "../../../../kernel/errors.ts";
import { openEvals, scope, scorerOf } from "../testing/open-evals.ts";

const item = (at: number, more: Partial<Item> = {}): Item => ({
  itemId: `q${at}`,
  inputs: { question: `What is ${at}?` },
  expected: String(at),
  metadata: { topic: at % 2 === 0 ? "even" : "odd" },
  split: at < 3 ? "test" : null,
  source: { kind: "manual" },
  ...more,
});
const items = (length: number) => Array.from({ length }, (_, at) => item(at));
const isRight = scorerOf("right", ({ output, expected }) => (output === expected ? 1 : 0));

let world: Awaited<ReturnType<typeof openEvals>>;
beforeAll(async () => {
  world = await openEvals({ ten: items(10), many: items(400), empty: [] });
});
afterAll(() => world.close());

const numberIn = (text: unknown) => /\d+/.exec(String(text))?.[0] ?? "";
const plain = { name: "plain", model: "m" };
const base = {
  name: "Numbers",
  dataset: { datasetId: "ten" },
  variants: [plain],
  scorers: [{ kind: "right", params: {} }],
};
const itemsOf = (runId: string, query: object = {}) =>
  world.evals.runs.listItems(scope, runId, RunItemsQuery.parse(query));

test("every item is answered by every variant as often as is asked for, scored, and summed up with an interval", async () => {
  world.say(({ messages, model }) => (model === "m" ? numberIn(messages.at(-1)?.content) : "no"), isRight);
  const experiment = await world.run({ ...base, variants: [plain, { name: "worse", model: "n" }], repeats: 2 });
  expect(experiment).toMatchObject({
    status: "done",
    stopped: "finished",
    createdBy: "Ada",
    spent: { calls: 40, tokens: 800, unpricedCalls: 0 },
    dataset: { name: "Set ten", items: 10 },
    runs: [
      {
        name: "plain",
        answers: 20,
        errors: 0,
        planned: 20,
        scores: [{ scorer: "right", value: 1, items: 10, passAll: 1 }],
      },
      { name: "worse", answers: 20, scores: [{ scorer: "right", value: 0, passAny: 0, repeatDeviation: 0 }] },
    ],
  });
  expect(experiment.runs[0]?.costUsd).toBeCloseTo(0.2);
  expect(world.asked[0]?.headers).toMatchObject({ "x-treadle-environment": "evaluation" });
  const { items: rows, total } = await itemsOf(experiment.runs[0]?.runId ?? "", { limit: 3 });
  expect(total).toBe(10);
  expect(rows[0]).toMatchObject({
    itemId: "q0",
    values: { right: 1 },
    expected: "0",
    metadata: { topic: "even" },
    results: [
      { repeat: 0, state: "ok", output: "0", spanId: "s".repeat(16), scores: [{ scorer: "right", value: 1 }] },
      { repeat: 1 },
    ],
  });
});

test("a pass or a fail has Wilson's interval over the items", async () => {
  world.say(
    ({ messages }) => (Number(numberIn(messages.at(-1)?.content)) < 8 ? numberIn(messages.at(-1)?.content) : ""),
    isRight,
  );
  const { runs } = await world.run(base);
  // Wilson, 8 of 10: 0.4902 to 0.9433 (statsmodels' proportion_confint).
  expect(runs[0]?.scores[0]).toMatchObject({ value: 0.8, interval: { level: 0.95 } });
  expect(runs[0]?.scores[0]?.interval?.low).toBeCloseTo(0.4901624715, 8);
  expect(runs[0]?.scores[0]?.interval?.high).toBeCloseTo(0.9433178485, 8);
});

test("prompts are rendered with the item's inputs at the fixed version, which the span records", async () => {
  world.say(({ messages }) => String(messages[0]?.content), isRight);
  const { runs } = await world.run({
    ...base,
    variants: [
      { name: "stored", prompt: { name: "ask/kindly" }, parameters: { temperature: 1 } },
      { name: "own", model: "m", messages: [{ role: "user", content: "Say {{question}}" }] },
    ],
  });
  expect(runs[0]?.variant).toMatchObject({ model: "prompted", prompt: { name: "ask/kindly", version: 3 } });
  const stored = world.asked.find(({ request }) => request.model === "prompted");
  expect(stored?.request).toMatchObject({ temperature: 1 });
  expect(stored?.headers["x-treadle-prompt"]).toBe("ask%2Fkindly@3");
  const { items: rows } = await itemsOf(runs[1]?.runId ?? "");
  expect(rows[4]?.results[0]?.output).toBe("Say What is 4?");
});

test("a provider error is an answer with a separate state: it has no score, and resuming repeats the call", async () => {
  let isBroken = true;
  world.say((_, call) => {
    if (isBroken && call % 2 === 0) throw new AppError("provider_failed", { message: "Half of the calls fail." });
    return "x";
  }, isRight);
  const broken = await world.run(base);
  expect(broken).toMatchObject({
    status: "done",
    runs: [{ answers: 10, errors: 5, scores: [{ items: 5, value: 0, failed: 0 }] }],
  });
  const { items: failed } = await itemsOf(broken.runs[0]?.runId ?? "", { state: "error" });
  expect(failed).toHaveLength(5);
  expect(failed[0]?.results[0]).toMatchObject({ state: "error", error: { code: "provider_failed" }, scores: [] });
  isBroken = false;
  await world.evals.experiments.resume(scope, broken.experimentId, { retryErrors: true });
  expect(await world.ended(broken.experimentId)).toMatchObject({
    runs: [{ answers: 10, errors: 0, scores: [{ items: 10 }] }],
  });
});

test("a missing score is not zero, and a failed score is counted separately", async () => {
  const mixed = scorerOf("mixed", ({ expected }) => {
    if (expected === "3") return null;
    if (expected === "4") throw new AppError("provider_failed", { message: "The judge is away." });
    return Number(expected) === 5 ? Number.NaN : 1;
  });
  world.say(() => "x", mixed);
  const { runs } = await world.run({ ...base, scorers: [{ kind: "mixed", params: {} }] });
  expect(runs[0]?.scores[0]).toMatchObject({ value: 1, items: 7, undefined: 2, failed: 1 });
  const { items: rows } = await itemsOf(runs[0]?.runId ?? "", { state: "failed" });
  expect(rows.map(({ itemId, values }) => [itemId, values.mixed])).toEqual([["q4", null]]);
});

test("a budget is respected, answers remain, and a larger budget continues the experiment", async () => {
  world.say(() => ({ text: "x", usd: 1 }), isRight);
  const stopped = await world.run({ ...base, budget: { usd: 4.5 }, concurrency: 1 });
  expect(stopped).toMatchObject({
    status: "done",
    stopped: "budget-usd",
    spent: { calls: 4, usd: 4 },
    runs: [{ answers: 4 }],
  });
  await world.evals.experiments.resume(scope, stopped.experimentId, {
    budget: { usd: 100, tokens: 10_000 },
    retryErrors: true,
  });
  expect(await world.ended(stopped.experimentId)).toMatchObject({
    stopped: "finished",
    spent: { calls: 10 },
    runs: [{ answers: 10 }],
  });
  world.say(() => ({ text: "x", usd: null }), isRight);
  expect(await world.run({ ...base, budget: { usd: 5 }, concurrency: 1 })).toMatchObject({ stopped: "price-unknown" });
});

test("it stops once the main score is as exact as was asked for, over items drawn at random", async () => {
  world.say(
    () => "x",
    scorerOf("some", ({ expected }) => Number(expected) % 2),
  );
  const wanted = { datasetId: "many" };
  const input = {
    ...base,
    dataset: wanted,
    scorers: [{ kind: "some", params: {} }],
    stop: { precision: 0.9, minItems: 20 },
    concurrency: 1,
  };
  world.say(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 15));
      return "x";
    },
    scorerOf("some", ({ expected }) => Number(expected) % 2),
  );
  const { stopped, runs } = await world.run(input);
  expect(stopped).toBe("precision");
  expect(runs[0]?.answers).toBeGreaterThanOrEqual(20);
  expect(runs[0]?.answers).toBeLessThan(400);
}, 30_000);

test("a provider that has too much to do is asked more slowly and again", async () => {
  let refusals = 0;
  world.say(() => {
    if (refusals++ < 3) throw new AppError("rate_limited", { retryAfterSeconds: 0 });
    return "x";
  }, isRight);
  expect(await world.run({ ...base, concurrency: 2 })).toMatchObject({
    status: "done",
    runs: [{ answers: 10, errors: 0 }],
  });
}, 20_000);

test("an error for every item ends the experiment, and the variant is reported", async () => {
  world.say(() => {
    throw new AppError("not_found", { message: "There is no model m." });
  }, isRight);
  const failed = await world.run(base);
  expect(failed).toMatchObject({
    status: "failed",
    error: 'The variant "plain" cannot answer: There is no model m.',
  });
  expect(failed.runs[0]).toMatchObject({ status: "failed", answers: 0 });
});

test("a stop of the server loses nothing: answers that were written are not asked for again", async () => {
  let calls = 0;
  world.say(async () => {
    calls++;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return "x";
  }, isRight);
  const { experimentId } = await world.start({ ...base, dataset: { datasetId: "many" }, concurrency: 4 });
  await expect.poll(() => calls, { timeout: 10_000 }).toBeGreaterThan(100);
  await world.restart();
  const ended = await world.ended(experimentId);
  expect(ended).toMatchObject({ status: "done", runs: [{ answers: 400 }] });
  expect(calls).toBeLessThan(400 + 150);
}, 60_000);

test("a canceled experiment retains its results", async () => {
  world.say(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return "x";
  }, isRight);
  const { experimentId } = await world.start({ ...base, dataset: { datasetId: "many" }, concurrency: 2 });
  await expect.poll(() => world.asked.length, { timeout: 10_000 }).toBeGreaterThan(30);
  await world.evals.experiments.cancel(scope, experimentId);
  const cancelled = await world.ended(experimentId);
  expect(cancelled.status).toBe("cancelled");
  const { total } = await itemsOf(cancelled.runs[0]?.runId ?? "");
  expect(total).toBeGreaterThan(0);
  expect(cancelled.runs[0]?.answers).toBe(total);
}, 30_000);

test("split, filter and limit choose the items, the same ones for the same seed", async () => {
  world.say(() => "x", isRight);
  const idsOf = async (dataset: object) => {
    const { runs } = await world.run({ ...base, dataset: { datasetId: "ten", ...dataset } });
    return (await itemsOf(runs[0]?.runId ?? "")).items.map(({ itemId }) => itemId);
  };
  expect(await idsOf({ split: "test" })).toEqual(["q0", "q1", "q2"]);
  expect(await idsOf({ filter: "metadata.topic:odd" })).toEqual(["q1", "q3", "q5", "q7", "q9"]);
  const drawn = await idsOf({ limit: 4, seed: 7 });
  expect(drawn).toHaveLength(4);
  expect(await idsOf({ limit: 4, seed: 7 })).toEqual(drawn);
  expect(await idsOf({ limit: 4, seed: 8 })).not.toEqual(drawn);
});

test("an answer to the very same request is taken again when that is asked for, but never for repeats", async () => {
  world.say(() => "kept", isRight);
  const one = { ...base, variants: [{ name: "v", model: "reused" }] };
  await world.run(one);
  expect(world.asked).toHaveLength(10);
  const again = await world.run({ ...one, cache: true, repeats: 2 });
  expect(world.asked).toHaveLength(20);
  expect(again).toMatchObject({ spent: { calls: 10 }, runs: [{ answers: 20 }] });
  const { items: rows } = await itemsOf(again.runs[0]?.runId ?? "");
  expect(rows[0]?.results.map(({ isCached, output }) => [isCached, output])).toEqual([
    [true, "kept"],
    [false, "kept"],
  ]);
});

test.for([
  [{ dataset: { datasetId: "nowhere" } }, "not_found", "dataset"],
  [{ dataset: { datasetId: "empty" } }, "unprocessable", "has no items"],
  [{ dataset: { datasetId: "ten", filter: "nonsense:1" } }, "invalid_request", "dataset.filter"],
  [{ scorers: [{ kind: "unknown", params: {} }] }, "invalid_request", "there is no scorer kind"],
  [{ variants: [{ name: "v", prompt: { name: "none" } }] }, "not_found", "prompt"],
  [{ variants: [{ name: "v", prompt: { name: "modelless" } }] }, "unprocessable", "names a model"],
  [{ baseline: "run_none" }, "not_found", "run"],
] as const)("%o is refused with words that say what to do", async ([change, code, words]) => {
  world.say(() => "x", isRight);
  const refused = world.start({ ...base, ...change });
  await expect(refused).rejects.toMatchObject({ code });
  await expect(refused).rejects.toThrow(words);
});

test("text that no database can store is stored with placeholders", async () => {
  world.say(() => "a\0b\ud800c", isRight);
  const { runs } = await world.run({ ...base, dataset: { datasetId: "ten", limit: 1 } });
  expect((await itemsOf(runs[0]?.runId ?? "")).items[0]?.results[0]?.output).toBe("a\uFFFDb\uFFFDc");
});

test("a deleted experiment takes everything with it", async () => {
  world.say(() => "x", isRight);
  const { experimentId, runs } = await world.run(base);
  await world.evals.experiments.delete(scope, experimentId);
  await expect(world.evals.experiments.get(scope, experimentId)).rejects.toMatchObject({ code: "not_found" });
  const { rows } = await world.db.execute(sql`SELECT 1 FROM eval_results WHERE run_id = ${runs[0]?.runId}`);
  expect(rows).toEqual([]);
});
