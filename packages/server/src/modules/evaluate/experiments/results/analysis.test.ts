import {
  ExperimentInput,
  ExperimentPlanInput,
  GateRules,
  type Item,
  RunInput,
  RunItemsQuery,
  UploadedAnswer,
} from "@treadle/contract";
import { ANY_NUMBER } from "@treadle/metrics";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "../../../../kernel/errors.ts";
import { compareGroups } from "../statistics/compare-groups.ts";
import { openEvals, scope, scorerOf } from "../testing/open-evals.ts";

const LENGTH = 120;
const items = Array.from(
  { length: LENGTH },
  (_, at): Item => ({
    itemId: `q${String(at).padStart(3, "0")}`,
    inputs: { question: `What is ${at}?` },
    expected: String(at),
    metadata: { topic: at % 3 === 0 ? "thirds" : "others", deep: { at } },
    split: null,
    source: { kind: "manual" },
  }),
);

let world: Awaited<ReturnType<typeof openEvals>>;
let shaken = 0;
let isChanged = false;
let runs: { good: string; same: string; bad: string; cheap: string };
beforeAll(async () => {
  world = await openEvals({ numbers: items });
  const at = (text: unknown) => Number(/\d+/.exec(String(text))?.[0] ?? 0);
  world.say(
    ({ model, messages }) => {
      const number = at(messages.at(-1)?.content);
      // The bad one fails where the number is a multiple of three, the others at every tenth or eleventh.
      const isWrong = {
        good: number % 10 === 0,
        same: number % 11 === 0,
        bad: number % 3 === 0,
        cheap: number % 12 === 1,
        shaky: number === 5 && shaken++ % 2 === 0,
        changed: number === 6 && isChanged,
      }[model];
      return {
        text: isWrong ? "no" : String(number),
        usd: (model === "cheap" ? 0.1 : 1) * (0.01 + number / 1_000_000),
      };
    },
    scorerOf("right", ({ output, expected }) => (output === expected ? 1 : 0)),
    scorerOf("length", ({ output }) => output.length, { type: "number", direction: "none", min: null, max: null }),
  );
  const { runs: made } = await world.run({
    name: "Four",
    dataset: { datasetId: "numbers" },
    suite: "numbers",
    source: { branch: "main" },
    variants: ["good", "same", "bad", "cheap"].map((name) => ({ name, model: name })),
    scorers: [
      { kind: "right", params: {} },
      { kind: "length", params: {} },
    ],
  });
  const idOf = (name: string) => made.find((run) => run.name === name)?.runId ?? "";
  runs = { good: idOf("good"), same: idOf("same"), bad: idOf("bad"), cheap: idOf("cheap") };
}, 60_000);
afterAll(() => world.close());

const terms = { alpha: 0.05, margin: 0.1 };
const compare = (base: string, ...heads: string[]) =>
  world.evals.analysis.compare(scope, { base, heads: heads.join(","), ...terms });

test("a worse run is called worse with its test, interval and a corrected p-value; an equal one is not", async () => {
  const { base, heads } = await compare(runs.good, runs.bad, runs.same);
  expect(base).toMatchObject({ name: "good", experimentName: "Four" });
  const [bad, same] = heads.map(({ scorers }) => scorers[0]);
  expect(bad).toMatchObject({ scorer: "right", verdict: "worse", test: "mcnemar-exact", items: LENGTH, leftOut: 0 });
  expect(bad?.difference).toBeCloseTo(-28 / 120, 10);
  expect(bad?.interval?.high).toBeLessThan(0);
  expect(bad?.adjustedPValue ?? 0).toBeGreaterThan(bad?.pValue ?? 1);
  expect(bad).toMatchObject({ better: 8, worse: 36 });
  expect(same?.verdict).toBe("equivalent");
  expect(same?.minimumDetectableEffect).toBeGreaterThan(0);
});

test("a score without a better way is never called better or worse; cost and latency are compared too", async () => {
  const [head] = (await compare(runs.good, runs.cheap)).heads;
  expect(head?.scorers[1]).toMatchObject({ scorer: "length", direction: "none" });
  expect(["equivalent", "inconclusive"]).toContain(head?.scorers[1]?.verdict);
  expect(head?.costUsd).toMatchObject({ verdict: "better", items: LENGTH });
  expect(head?.costUsd.difference).toBeCloseTo(-0.00905355, 10);
  expect(head).toMatchObject({ shared: LENGTH, onlyBase: 0, onlyHead: 0, warnings: [] });
});

test("runs that cost nothing leave nothing to compare of their costs, and so does a run without any", async () => {
  const upload = async (name: string, costUsd: number | null) => {
    const { runId } = await world.evals.runs.create(scope, RunInput.parse({ name, datasetId: "numbers" }));
    const answers = items.map(({ itemId }, at) =>
      UploadedAnswer.parse({ itemId, output: "yes", latencyMs: 10 + (at % 7), costUsd }),
    );
    await world.evals.runs.addAnswers(scope, runId, answers);
    await world.evals.runs.finish(scope, runId);
    await expect.poll(async () => (await world.evals.runs.get(scope, runId)).status, { timeout: 10_000 }).toBe("done");
    return runId;
  };
  const [free, alsoFree, unknown] = [await upload("free", 0), await upload("also free", 0), await upload("?", null)];
  const { heads } = await compare(free, alsoFree, unknown);
  const nothing = { verdict: null, moreItems: null, better: 0, worse: 0 };
  expect(heads[0]?.costUsd).toMatchObject({ ...nothing, items: LENGTH, meanBase: 0, meanHead: 0, difference: 0 });
  expect(heads[1]?.costUsd).toMatchObject({ ...nothing, items: 0, difference: null });
  expect(heads[0]?.latencyMs.verdict).toBeNull();
  const [paid] = (await compare(free, runs.good)).heads;
  expect(paid?.costUsd).toMatchObject({ verdict: "worse", worse: LENGTH });
});

test("slices find where it got worse, corrected for having looked everywhere", async () => {
  const sliced = await world.evals.analysis.slices(scope, runs.bad, { base: runs.good, ...terms });
  expect(sliced.fields).toEqual(["topic"]);
  expect(sliced.worst).toMatchObject({ field: "topic", value: "thirds", items: 40, mean: 0, verdict: "worse" });
  expect(sliced.items.map(({ value }) => value)).toEqual(["thirds", "others"]);
  const alone = await world.evals.analysis.slices(scope, runs.good, terms);
  expect(alone.items).toHaveLength(2);
  expect(alone.worst).toBeNull();
});

test("two groups are compared as SciPy's Welch test does", () => {
  // scipy.stats.ttest_ind([1, 2, 3, 4, 5], [2, 3, 4, 7, 8, 9], equal_var=False), with its confidence_interval().
  const comparison = compareGroups({
    inside: [1, 2, 3, 4, 5],
    outside: [2, 3, 4, 7, 8, 9],
    alpha: 0.05,
    range: ANY_NUMBER,
  });
  expect(comparison?.difference).toBeCloseTo(-2.5, 12);
  expect(comparison?.pValue).toBeCloseTo(0.10613207610491271, 12);
  expect(comparison?.interval?.[0]).toBeCloseTo(-5.66694049990301, 10);
  expect(comparison?.interval?.[1]).toBeCloseTo(0.6669404999030104, 10);
  const of = (inside: number[], outside: number[]) =>
    compareGroups({ inside, outside, alpha: 0.05, range: ANY_NUMBER });
  expect(of([1], [2, 3])).toBeNull();
  expect(of([1, 1], [2, 2])).toBeNull();
  expect(of([1, 1], [2, 3])).toMatchObject({ difference: -1.5, interval: null });
});

test("a group whose few items all pass is not taken for known", () => {
  const passes = (successes: number, n: number) => Array.from({ length: n }, (_, at) => Number(at < successes));
  const range = { min: 0, max: 1 };
  const comparison = compareGroups({ inside: passes(5, 5), outside: passes(90, 100), alpha: 0.05, range });
  // Newcombe's interval of 5 of 5 against 90 of 100, and Fisher's exact test as SciPy has it.
  expect(comparison?.interval?.[0]).toBeCloseTo(-0.3371, 3);
  expect(comparison?.interval?.[1]).toBeCloseTo(0.1744, 3);
  expect(comparison?.pValue).toBe(1);
});

test("the frontier leaves out who is beaten, and names the cheapest that is not worse than the best", async () => {
  const ids = [runs.good, runs.bad, runs.cheap].join(",");
  const frontier = await world.evals.analysis.frontier(scope, { runs: ids, ...terms });
  expect(frontier).toMatchObject({ scorer: "right", best: runs.cheap, cheapest: runs.cheap });
  expect(frontier.points.map(({ run, isOnFrontier }) => [run.name, isOnFrontier])).toEqual([
    ["good", false],
    ["bad", false],
    ["cheap", true],
  ]);
  expect(frontier.points[1]).toMatchObject({ isNotWorse: false });
  expect(frontier.points[0]).toMatchObject({ isNotWorse: true });
});

test("a leaderboard gives one rank to runs without a detectable difference, and ranks by wins too", async () => {
  const board = await world.evals.analysis.leaderboard(scope, { datasetId: "numbers", by: "score" });
  expect(board.items.map(({ rank, run }) => [rank, run.name]).at(-1)).toEqual([4, "bad"]);
  expect(board.items.slice(0, 3).map(({ rank }) => rank)).toEqual([1, 1, 1]);
  const wins = await world.evals.analysis.leaderboard(scope, { runs: Object.values(runs).join(","), by: "pairwise" });
  expect(wins.items.at(-1)?.run.name).toBe("bad");
  expect(wins.items[0]?.value ?? 0).toBeGreaterThan(wins.items[3]?.value ?? 0);
  expect(wins.items[0]?.wins).toBeGreaterThan(180);
});

test("the planner requires more items for a smaller difference, and reports the difference that a run can detect", async () => {
  const plan = (input: object) => world.evals.analysis.plan(scope, ExperimentPlanInput.parse(input));
  const coarse = await plan({ difference: 0.1, runId: runs.good, baseRunId: runs.same });
  const fine = await plan({ difference: 0.05, runId: runs.good, baseRunId: runs.same });
  expect(fine.options[0]?.items).toBeGreaterThan(3.5 * (coarse.options[0]?.items ?? 0));
  expect(coarse.detectable).toMatchObject({ items: LENGTH });
  // (1.959964 + 0.841621)² · 0.4² / 0.1² = 125.6, and two more for Student's t.
  const given = await plan({ difference: 0.1, standardDeviation: 0.4 });
  expect(given.options.find(({ repeats }) => repeats === 1)?.items).toBe(128);
  await expect(
    world.evals.analysis.plan(scope, ExperimentPlanInput.parse({ difference: 1, runId: "run_no" })),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("an estimate counts calls, tokens and money before anything is asked", async () => {
  world.asked.length = 0;
  const input = {
    name: "E",
    dataset: { datasetId: "numbers", limit: 50 },
    variants: [{ name: "v", model: "m" }],
    repeats: 2,
  };
  const signal = new AbortController().signal;
  const estimate = await world.evals.analysis.estimate(scope, ExperimentInput.parse(input), signal);
  expect(estimate).toMatchObject({ items: 50, answers: 100, judgeCalls: 0, isWithinBudget: true });
  expect(estimate.usd).toBeCloseTo((estimate.inputTokens + estimate.outputTokens) / 1_000_000, 9);
  const tight = await world.evals.analysis.estimate(
    scope,
    ExperimentInput.parse({ ...input, budget: { tokens: 10 } }),
    signal,
  );
  expect(tight.isWithinBudget).toBe(false);
  expect(world.asked).toHaveLength(0);
  await expect(world.start({ ...input, variants: [{ name: "v", model: "missing" }] })).rejects.toThrow("variants.0");
});

test("items are filtered and sorted by what changed against a base, by slice and by score", async () => {
  const list = (query: object) => world.evals.runs.listItems(scope, runs.bad, RunItemsQuery.parse(query));
  const worse = await list({ base: runs.good, changed: "worse", sort: "regression", limit: 200 });
  expect(worse.total).toBe(36);
  expect(worse.items[0]).toMatchObject({ change: -1, values: { right: 0 }, base: { values: { right: 1 } } });
  expect((await list({ slice: "topic=thirds" })).total).toBe(40);
  expect((await list({ slice: "deep.at=7" })).items[0]?.itemId).toBe("q007");
  expect((await list({ min: 1 })).total).toBe(80);
  expect((await list({ search: "what is 11" })).total).toBe(11);
  expect((await list({ base: runs.good, changed: "output" })).total).toBe(44);
  const first = await list({ limit: 100 });
  expect((await list({ limit: 100, cursor: first.nextCursor })).items).toHaveLength(20);
  await expect(list({ changed: "worse" })).rejects.toMatchObject({ code: "invalid_request" });
  await expect(list({ scorer: "none" })).rejects.toThrow('no score "none"');
});

const decide = (head: string, base: object | null, rules: object = {}) =>
  world.evals.gates.decide(scope, { head, base: base as { runId: string } | null, rules: GateRules.parse(rules) });

test("a gate lets a run pass that holds its floor, takes it as the base of its branch, and finds the regression", async () => {
  const rules = { scorers: [{ scorer: "right", margin: 0.08, floor: 0.6 }] };
  const byBranch = { suite: "numbers", branch: "main" };
  const first = { outcome: "pass", base: null, warnings: [expect.stringContaining("This run is now the base")] };
  expect(await decide(runs.same, byBranch, rules)).toMatchObject(first);
  expect(await decide(runs.same, byBranch, { scorers: [{ scorer: "right", floor: 1 }] })).toMatchObject({
    outcome: "below-floor",
    warnings: [expect.stringContaining("The first run that passes becomes the base.")],
  });
  const elsewhere = { suite: "numbers", branch: "release" };
  expect(await decide(runs.same, elsewhere, rules)).toMatchObject({ outcome: "inconclusive", base: null });
  expect(await decide(runs.good, null, rules)).toMatchObject({ outcome: "pass", exitCode: 0 });
  expect((await world.evals.runs.get(scope, runs.good)).gate).toBe("pass");
  const bad = await decide(runs.bad, byBranch, rules);
  expect(bad).toMatchObject({ outcome: "regression", exitCode: 1, base: { name: "good" }, errors: 0 });
  expect(bad.scorers[0]).toMatchObject({ scorer: "right", verdict: "worse", floor: 0.6, margin: 0.08 });
  // Runs of other models on the branch answer otherwise, which makes no item flaky.
  expect(bad.flaky).toEqual([]);
  expect(await decide(runs.bad, byBranch, { scorers: [{ scorer: "right", margin: 0.5, floor: 0.8 }] })).toMatchObject({
    outcome: "below-floor",
    exitCode: 2,
  });
});

test("an item with changing results of the same code is reported as flaky", async () => {
  const shaky = {
    name: "Shaky",
    dataset: { datasetId: "numbers" },
    suite: "shaky",
    source: { branch: "main" },
    variants: [{ name: "shaky", model: "shaky" }],
    scorers: [{ kind: "right", params: {} }],
  };
  const made: string[] = [];
  for (let run = 0; run < 4; run++) made.push((await world.run(shaky)).runs[0]?.runId ?? "");
  const [first = "", , , last = ""] = made;
  const { flaky } = await decide(last, { runId: first });
  expect(flaky).toEqual([{ itemId: "q005", scorer: "right", share: 1 / 3, answers: 3 }]);
});

test("an item that only another commit answers otherwise is not flaky", async () => {
  const of = (commit: string) => ({
    name: "Changed",
    dataset: { datasetId: "numbers" },
    suite: "changed",
    source: { branch: "main", commit },
    variants: [{ name: "changed", model: "changed" }],
    scorers: [{ kind: "right", params: {} }],
  });
  const made: string[] = [];
  for (const commit of ["one", "one", "one", "two", "two", "two", "two"]) {
    isChanged = commit === "two";
    made.push((await world.run(of(commit))).runs[0]?.runId ?? "");
  }
  const [first = "", last = ""] = [made[0], made.at(-1)];
  expect((await decide(last, { runId: first })).flaky).toEqual([]);
});

test("items in quarantine do not count, and are listed with the reason", async () => {
  const itemIds = items.filter(({ metadata }) => metadata.topic === "thirds").map(({ itemId }) => itemId);
  await world.evals.gates.quarantine(scope, { suite: "numbers", itemIds, reason: "Known to be wrong." });
  const decision = await decide(runs.bad, { runId: runs.good }, { scorers: [{ scorer: "right", margin: 0.1 }] });
  expect(decision).toMatchObject({ outcome: "pass", scorers: [{ items: 80 }] });
  expect(decision.quarantined).toHaveLength(40);
  expect(decision.quarantined[0]).toMatchObject({ reason: "Known to be wrong.", createdBy: "Ada" });
  await world.evals.gates.release(scope, { suite: "numbers", itemIds });
  expect((await world.evals.gates.listQuarantine(scope, "numbers")).items).toEqual([]);
});

test("answers from elsewhere become a run that is scored, compared and gated like any other", async () => {
  const made = await world.evals.runs.create(
    scope,
    RunInput.parse({ name: "local", datasetId: "numbers", scorers: [{ kind: "right", params: {} }] }),
  );
  const answers = items.map(({ itemId, expected }, at) =>
    UploadedAnswer.parse(
      at === 7
        ? { itemId, error: { code: "timeout", message: "Late." } }
        : { itemId, output: at % 4 === 0 ? "no" : expected },
    ),
  );
  await world.evals.runs.addAnswers(scope, made.runId, answers.slice(0, 100));
  await world.evals.runs.addAnswers(scope, made.runId, answers.slice(90));
  await world.evals.runs.finish(scope, made.runId);
  await expect
    .poll(async () => (await world.evals.runs.get(scope, made.runId)).status, { timeout: 10_000 })
    .toBe("done");
  expect(await world.evals.runs.get(scope, made.runId)).toMatchObject({
    answers: 120,
    errors: 1,
    scores: [{ items: 119, value: 89 / 119 }],
  });
  expect((await compare(runs.good, made.runId)).heads[0]?.scorers[0]).toMatchObject({
    items: 119,
    leftOut: 1,
    verdict: "worse",
  });
  await expect(world.evals.runs.addAnswers(scope, made.runId, answers)).rejects.toMatchObject({ code: "conflict" });
});

test("a run without a dataset has its own items and scores", async () => {
  const made = await world.evals.runs.create(scope, RunInput.parse({ name: "bare" }));
  const bare = UploadedAnswer.parse({ itemId: "a", output: "x" });
  await expect(world.evals.runs.addAnswers(scope, made.runId, [bare])).rejects.toThrow(
    "must include the item's `inputs`",
  );
  const whole = UploadedAnswer.parse({
    itemId: "a",
    inputs: { q: 1 },
    output: "x",
    scores: [{ scorer: "mine", value: 0.5 }],
  });
  await world.evals.runs.addAnswers(scope, made.runId, [whole]);
  await world.evals.runs.finish(scope, made.runId);
  await expect
    .poll(async () => (await world.evals.runs.get(scope, made.runId)).status, { timeout: 10_000 })
    .toBe("done");
  expect(await world.evals.runs.get(scope, made.runId)).toMatchObject({
    scores: [{ scorer: "mine", value: 0.5, items: 1 }],
  });
  await world.evals.runs.delete(scope, made.runId);
  await expect(world.evals.runs.get(scope, made.runId)).rejects.toBeInstanceOf(AppError);
});

test("a run is exported as rows and as reports in which nothing of a model's is markup", async () => {
  const read = async (format: "csv" | "json" | "markdown" | "html", base?: string) => {
    let text = "";
    for await (const chunk of (await world.evals.reports.export(scope, runs.bad, { format, base })).chunks)
      text += chunk;
    return text;
  };
  const csv = await read("csv");
  expect(csv.split("\r\n")).toHaveLength(LENGTH + 2);
  expect(csv).toContain("q000,0,ok");
  expect(JSON.parse(await read("json"))).toMatchObject({ run: { name: "bad" }, items: expect.arrayContaining([]) });
  const markdown = await read("markdown", runs.good);
  expect(markdown).toContain("## Against good");
  expect(markdown).toContain("| worse |");
  const html = await read("html", runs.good);
  expect(html).toContain("<svg");
  expect(html).not.toMatch(/<script|src=|href=/);
});
