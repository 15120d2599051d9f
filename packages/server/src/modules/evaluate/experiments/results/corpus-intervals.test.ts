import { ExperimentInput, type Item } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { boundSet } from "../statistics/score-sets.ts";
import { openEvals, scope } from "../testing/open-evals.ts";

const WORDS = "the quick brown fox jumps over a lazy dog while seven wizards box".split(" ");
const sentence = (at: number) => Array.from({ length: 8 }, (_, n) => WORDS[(at * 5 + n * 3) % WORDS.length]).join(" ");
const items = Array.from(
  { length: 60 },
  (_, at): Item => ({
    itemId: `q${at}`,
    inputs: { question: sentence(at) },
    expected: sentence(at),
    metadata: {},
    split: null,
    source: { kind: "manual" },
  }),
);

let world: Awaited<ReturnType<typeof openEvals>>;
beforeAll(async () => {
  world = await openEvals({ sentences: items, one: items.slice(0, 1) });
});
afterAll(() => world.close());

const LONG = { timeout: 60_000 };
const scorers = [
  { kind: "bleu", params: {} },
  { kind: "chrf", params: {} },
  { kind: "ter", params: {} },
];
/** Every third answer lacks its last words. */
const shorten = (text: string) => {
  const place = items.findIndex(({ expected }) => expected === text);
  return place % 3 === 0 ? text.split(" ").slice(0, 5).join(" ") : text;
};
const run = (more: object = {}) => {
  world.say(({ messages }) => shorten(String(messages.at(-1)?.content)));
  const dataset = { datasetId: "sentences" };
  return world.run(
    ExperimentInput.parse({ name: "x", dataset, variants: [{ name: "v", model: "m" }], scorers, ...more }),
  );
};

test("scores of a whole set have an interval, which is the same each time and in reports", LONG, async () => {
  const { runs } = await run();
  const scores = runs[0]?.scores ?? [];
  expect(scores.map(({ scorer, isCorpus, items: n }) => [scorer, isCorpus, n])).toEqual([
    ["bleu", true, 60],
    ["chrf", true, 60],
    ["ter", true, 60],
  ]);
  for (const { value, interval } of scores) {
    expect(interval).toMatchObject({ level: 0.95 });
    expect(interval?.low).toBeLessThan(value ?? 0);
    expect(interval?.high).toBeGreaterThan(value ?? 0);
  }
  const again = await run();
  expect(again.runs[0]?.scores.map(({ interval }) => interval)).toEqual(scores.map(({ interval }) => interval));
  const { chunks } = await world.evals.reports.export(scope, runs[0]?.runId ?? "", { format: "markdown" });
  let report = "";
  for await (const chunk of chunks) report += chunk;
  const { interval } = scores[0] ?? {};
  expect(report).toContain(`${Number(interval?.low.toPrecision(4))} to ${Number(interval?.high.toPrecision(4))}`);
});

test("repeats of an item are not more items, and one item alone has no interval", LONG, async () => {
  const { runs: single } = await run();
  const { runs: thrice } = await run({ repeats: 3 });
  const widthOf = (of: typeof single) => {
    const interval = of[0]?.scores[0]?.interval;
    return interval ? interval.high - interval.low : 0;
  };
  expect(widthOf(thrice)).toBeGreaterThan(0.9 * widthOf(single));
  const { runs: lone } = await run({ dataset: { datasetId: "one" } });
  expect(lone[0]?.scores[0]).toMatchObject({ isCorpus: true, interval: null });
});

test("the interval holds the true score about as often as it says", LONG, async () => {
  // Length differences of one: BLEU of the set is only the brevity penalty, whose true value is the value of the mean
  // length.
  const rowOf = (length: number) => [
    length,
    10,
    length,
    length - 1,
    length - 2,
    length - 3,
    length,
    length - 1,
    length - 2,
    length - 3,
  ];
  let seed = 7;
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  let covered = 0;
  const truth = 100 * Math.exp(1 - 10 / 8);
  for (let trial = 0; trial < 60; trial++) {
    const rows = Array.from({ length: 40 }, () => rowOf(7 + Math.floor(3 * next())));
    const interval = await boundSet({ kind: "bleu", params: {}, rows, alpha: 0.05 });
    if (interval && interval[0] <= truth && truth <= interval[1]) covered++;
  }
  // 57 are expected; fewer than 51 would be a chance of one in a thousand.
  expect(covered).toBeGreaterThanOrEqual(51);
});
