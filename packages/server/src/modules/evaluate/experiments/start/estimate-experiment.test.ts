import { ExperimentInput, type Item } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEvals, scope, scorerOf } from "../testing/open-evals.ts";

const items = Array.from(
  { length: 60 },
  (_, at): Item => ({
    itemId: `q${at}`,
    inputs: { question: `What is ${at}?` },
    expected: String(at),
    metadata: {},
    split: null,
    source: { kind: "manual" },
  }),
);

let world: Awaited<ReturnType<typeof openEvals>>;
beforeAll(async () => {
  world = await openEvals({ numbers: items });
});
afterAll(() => world.close());

test("the cost of judges is listed with the cost of answers, and is unknown if no table has a price", async () => {
  world.say(() => "x");
  const criteria = [{ name: "right", description: "It is right." }];
  const input = (...scorers: object[]) =>
    ExperimentInput.parse({
      name: "E",
      dataset: { datasetId: "numbers", limit: 50 },
      variants: [{ name: "v", model: "m" }],
      repeats: 2,
      scorers,
    });
  const estimate = (asked: ExperimentInput) =>
    world.evals.analysis.estimate(scope, asked, new AbortController().signal);
  const rubric = (model: string) => ({ kind: "rubric", params: { model, criteria }, name: model });
  const priced = await estimate(input(rubric("m"), { kind: "pairwise", params: { model: "m" } }));
  // The rubric once and both orders of a pair for each of 100 answers.
  expect(priced).toMatchObject({ answers: 100, judgeCalls: 300, leastJudgeCalls: 300, warnings: [] });
  expect(priced.judges.map(({ scorer, calls }) => [scorer, calls])).toEqual([
    ["m", 100],
    ["pairwise", 200],
  ]);
  const tokens = priced.judges.reduce((sum, one) => sum + one.inputTokens + one.outputTokens, 0);
  expect(priced.judgesUsd).toBeCloseTo(tokens / 1_000_000, 12);
  expect(priced.usd).toBeCloseTo((priced.answersUsd ?? 0) + tokens / 1_000_000, 12);
  const unknown = await estimate(input(rubric("unpriced")));
  expect(unknown).toMatchObject({ usd: null, judgesUsd: null, judgeCalls: 100 });
  expect(unknown.answersUsd).toBeGreaterThan(0);
  expect(unknown.warnings[0]).toMatch(/^The cost of judges is unknown, because there is no price for unpriced\./);
  const capped = input(rubric("unpriced"));
  const { warnings } = await estimate({ ...capped, budget: { ...capped.budget, usd: 1 } });
  expect(warnings[1]).toMatch(/^The cost budget stops the experiment at the first call without a price\./);
  expect((await estimate(input(rubric("missing")))).warnings[0]).toMatch(/^missing: /);
  const jury = { kind: "jury", params: { models: ["m", "n"], criteria: "It is right." } };
  const gEval = { kind: "g-eval", params: { model: "m", criteria: "It is right.", samples: 5 } };
  const ranged = await estimate(input(jury, gEval));
  expect(ranged).toMatchObject({ judgeCalls: 700, leastJudgeCalls: 300 });
  expect(ranged.warnings[1]).toBe(
    '"g-eval" makes 100 to 500 calls. The exact number is known only when it runs; the estimate uses the maximum.',
  );
});

test("a judge that has scored before costs as much as in the past", async () => {
  const dear = scorerOf("dear", () => ({ value: 1, tokens: 30 }));
  const asking = { calls: [{ model: "unpriced", least: 1, most: 1 }], toldCharacters: 100, mostOutputTokens: 50 };
  world.say(() => "x", { ...dear, asks: asking });
  const input = { name: "E", dataset: { datasetId: "numbers", limit: 40 }, variants: [{ name: "v", model: "m" }] };
  const scorers = [{ kind: "dear", params: {} }];
  const estimate = () =>
    world.evals.analysis.estimate(scope, ExperimentInput.parse({ ...input, scorers }), new AbortController().signal);
  expect(await estimate()).toMatchObject({ judgeCalls: 40, judgesUsd: null });
  await world.run({ ...input, scorers });
  // Each score cost a tenth of a cent.
  expect((await estimate()).judgesUsd).toBeCloseTo(0.04, 12);
});
