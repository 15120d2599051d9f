import { ExperimentInput, GateRules, type Item, type Run, RunInput, UploadedAnswer } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { floorBounds } from "../gate/floor-bounds.ts";
import { openEvals, scope, scorerOf } from "../testing/open-evals.ts";

const makeItems = (count: number) =>
  Array.from(
    { length: count },
    (_, at): Item => ({
      itemId: `q${String(at).padStart(3, "0")}`,
      inputs: { question: String(at) },
      expected: `label ${at % 2}`,
      metadata: {},
      split: null,
      source: { kind: "manual" },
    }),
  );

let world: Awaited<ReturnType<typeof openEvals>>;
beforeAll(async () => {
  world = await openEvals({ three: makeItems(3), forty: makeItems(40), hundreds: makeItems(600) });
}, 60_000);
afterAll(() => world.close());

const right = scorerOf("right", ({ output, expected }) => Number(output === expected));
const f1 = scorerOf("f1", ({ output }) => Number(output), { type: "number" });
const experiment = (more: object) =>
  world.run(ExperimentInput.parse({ name: "x", variants: [{ name: "v", model: "m" }], ...more }));
const answerOf = (at: number) => `label ${at % 2}`;

async function upload(values: readonly (readonly number[])[]): Promise<Run> {
  const repeats = values[0]?.length ?? 1;
  const { runId } = await world.evals.runs.create(scope, RunInput.parse({ name: "u", datasetId: "hundreds", repeats }));
  const answers = values.flatMap((own, at) =>
    own.map((value, repeat) =>
      UploadedAnswer.parse({
        itemId: `q${String(at).padStart(3, "0")}`,
        repeat,
        output: "x",
        scores: [{ scorer: "mine", value }],
      }),
    ),
  );
  await world.evals.runs.addAnswers(scope, runId, answers);
  await world.evals.runs.finish(scope, runId);
  await expect.poll(async () => (await world.evals.runs.get(scope, runId)).status, { timeout: 30_000 }).toBe("done");
  return world.evals.runs.get(scope, runId);
}

const gate = (runId: string, rule: object) =>
  world.evals.gates.decide(scope, {
    head: runId,
    base: null,
    rules: GateRules.parse({ scorers: [rule], floorBy: "interval" }),
  });

test("three items that all pass, three times each, are shown and gated as three items", async () => {
  world.say(({ messages }) => answerOf(Number(messages.at(-1)?.content)), right);
  const { runs } = await experiment({
    dataset: { datasetId: "three" },
    repeats: 3,
    scorers: [
      { kind: "right", params: {} },
      { kind: "label-match", params: {} },
    ],
  });
  const [run] = runs;
  for (const score of run?.scores ?? []) {
    expect(score).toMatchObject({ value: 1, items: 3, interval: { high: 1 } });
    expect(score.interval?.low).toBeCloseTo(0.4385, 4);
  }
  const decision = await gate(run?.runId ?? "", { scorer: "right", floor: 0.9 });
  expect(decision.outcome).toBe("inconclusive");
  expect(decision.scorers[0]?.headInterval).toMatchObject({ high: 1, level: 0.9 });
}, 60_000);

test("the interval of a number stays within its range and has a width where all items are alike", async () => {
  world.say(({ messages }) => (Number(messages.at(-1)?.content) === 1 ? "0.9" : "0"), f1);
  const scorers = [{ kind: "f1", params: {} }];
  const few = await experiment({ dataset: { datasetId: "three" }, scorers });
  expect(few.runs[0]?.scores[0]?.interval?.low).toBe(0);
  world.say(() => "0.7", f1);
  const alike = await experiment({ dataset: { datasetId: "three" }, scorers });
  const { interval } = alike.runs[0]?.scores[0] ?? {};
  expect(interval?.low).toBeLessThan(0.4);
  expect(interval?.high).toBeGreaterThan(0.8);
}, 60_000);

test("uploaded passes have Wilson's interval, Clopper and Pearson's bound, and McNemar's test", async () => {
  const passes = (wrong: number) => Array.from({ length: 40 }, (_, at) => [Number(at >= wrong)]);
  const [base, head] = [await upload(passes(0)), await upload(passes(9))];
  expect(base.scores[0]?.interval).toMatchObject({ high: 1, low: expect.closeTo(0.9124, 4) });
  const decision = await gate(base.runId, { scorer: "mine", floor: 0.9 });
  expect(decision.outcome).toBe("pass");
  expect(decision.scorers[0]?.headInterval?.low).toBeCloseTo(0.05 ** (1 / 40), 6);
  const compared = await world.evals.analysis.compare(scope, {
    base: base.runId,
    heads: head.runId,
    alpha: 0.05,
    margin: 0.05,
  });
  expect(compared.heads[0]?.scorers[0]).toMatchObject({ test: "mcnemar-exact", verdict: "worse", pValue: 2 / 2 ** 9 });
}, 60_000);

test("label-match is compared with McNemar's test", async () => {
  const run = async (wrong: number) => {
    world.say(({ messages }) => {
      const at = Number(messages.at(-1)?.content);
      return answerOf(at < wrong ? at + 1 : at);
    });
    const scorers = [{ kind: "label-match", params: {} }];
    return (await experiment({ dataset: { datasetId: "forty" }, scorers })).runs[0]?.runId ?? "";
  };
  const [base, head] = [await run(2), await run(12)];
  const compared = await world.evals.analysis.compare(scope, { base, heads: head, alpha: 0.05, margin: 0.05 });
  expect(compared.heads[0]?.scorers[0]).toMatchObject({ test: "mcnemar-exact", verdict: "worse", pValue: 2 / 2 ** 10 });
}, 60_000);

test("a score without a range is not gated below 100 items, and says how many more it takes", async () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => [3 + (at % 5)]);
  const few = await gate((await upload(numbers(30))).runId, { scorer: "mine", floor: 1 });
  expect(few).toMatchObject({ outcome: "inconclusive", moreItems: 70 });
  expect(few.reasons[0]).toContain("needs 100 items or more, and there are 30");
  expect(await gate((await upload(numbers(100))).runId, { scorer: "mine", floor: 4 })).toMatchObject({
    outcome: "pass",
  });
  const alike = Array.from({ length: 100 }, () => [3]);
  expect(await gate((await upload(alike)).runId, { scorer: "mine", floor: 1 })).toMatchObject({
    outcome: "inconclusive",
    reasons: [expect.stringContaining("no defined range")],
  });
}, 60_000);

test("repeats of uploaded passes are bounded by their items", () => {
  const output = { type: "number" as const, min: null, max: null };
  const items = Array.from({ length: 20 }, () => [1, 1, 1]);
  const bounds = floorBounds({ output, items, alpha: 0.05 });
  expect(bounds?.[0]).toBeGreaterThan(0.7);
  expect(bounds?.[0]).toBeLessThan(0.05 ** (1 / 20));
});

test("an experiment does not stop for precision because its first items are alike", async () => {
  // One answer in twenty is bad: the first hundred items nearly all score the same.
  world.say(async ({ messages }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return Number(messages.at(-1)?.content) % 20 === 7 ? "0" : "0.8";
  }, f1);
  const { stopped, runs } = await experiment({
    dataset: { datasetId: "hundreds" },
    scorers: [{ kind: "f1", params: {} }],
    concurrency: 4,
    stop: { precision: 0.005, minItems: 20 },
  });
  expect(stopped).toBe("finished");
  expect(runs[0]?.answers).toBe(600);
}, 120_000);
