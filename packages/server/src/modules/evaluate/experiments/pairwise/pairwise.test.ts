import {
  type ChatRequest,
  ExperimentInput,
  type Item,
  PairwiseInput,
  RunInput,
  UploadedAnswer,
  VerdictsQuery,
} from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "../../../../kernel/errors.ts";
import { openEvals, scope, scorerOf } from "../testing/open-evals.ts";

const items = (length: number): Item[] =>
  Array.from({ length }, (_, at) => ({
    itemId: `q${at}`,
    inputs: { question: `What is ${at}?` },
    expected: String(at),
    metadata: {},
    split: null,
    source: { kind: "manual" },
  }));
const isRight = scorerOf("right", () => 1);

let world: Awaited<ReturnType<typeof openEvals>>;
beforeAll(async () => {
  world = await openEvals({ forty: items(40), ten: items(10), other: items(5) });
});
afterAll(() => world.close());

const LONG = { timeout: 60_000 };
const judge = { kind: "pairwise", params: { model: "judge" } };
const numberIn = (text: unknown) => Number(/\d+/.exec(String(text))?.[0] ?? 0);

/** The parts of a judge's request: the mark, and both answers. Null for requests to other models. */
function judged({ messages }: ChatRequest) {
  const mark = /Its "id" must be "([0-9a-f]+)"/.exec(String(messages[0]?.content))?.[1];
  if (mark === undefined) return null;
  const parts = [...String(messages[1]?.content).matchAll(/<<<([A-Z ]+) [0-9a-f]+>>>\n([\s\S]*?)\n<<<END/g)];
  const textOf = (name: string) => parts.find(([, known]) => known === name)?.[2] ?? "";
  return { mark, question: textOf("QUESTION"), a: textOf("ANSWER A"), b: textOf("ANSWER B") };
}
type Seen = NonNullable<ReturnType<typeof judged>>;
type Prefers = (seen: Seen) => "A" | "B" | "tie";

/** Answers are the model's name with the number of the question; a judge takes what is preferred. */
const sayWith =
  (prefers: Prefers, more: object = {}) =>
  (request: ChatRequest) => {
    const verdict = judged(request);
    if (verdict === null) return `${request.model} says ${numberIn(request.messages.at(-1)?.content)}`;
    return { text: JSON.stringify({ id: verdict.mark, reason: "So it is.", better: prefers(verdict) }), ...more };
  };
/** The one whose name stands first in a list; after it the next. */
const inOrder =
  (...names: readonly string[]): Prefers =>
  ({ a, b }) => {
    const placeOf = (text: string) => names.findIndex((name) => text.startsWith(`${name} `));
    return placeOf(a) === placeOf(b) ? "tie" : placeOf(a) < placeOf(b) ? "A" : "B";
  };

async function runsOf(datasetId: string, ...models: readonly string[]): Promise<string[]> {
  const variants = models.map((model, at) => ({ name: `${model} ${at}`, model }));
  const { runs } = await world.run(
    ExperimentInput.parse({ name: "x", dataset: { datasetId }, variants, scorers: [{ kind: "right", params: {} }] }),
  );
  world.asked.length = 0;
  return runs.map(({ runId }) => runId);
}
const start = (input: object) => world.evals.judgings.start(scope, PairwiseInput.parse({ judge, ...input }));
async function ended(judgingId: string) {
  for (;;) {
    const judging = await world.evals.judgings.get(scope, judgingId);
    if (judging.status !== "queued" && judging.status !== "running") return judging;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const judgeRuns = async (input: object) => ended((await start(input)).judgingId);
const verdictsOf = async (judgingId: string, query: object = {}) =>
  (await world.evals.judgings.listVerdicts(scope, judgingId, VerdictsQuery.parse(query))).items;

test(
  "each shared item is asked about in both orders, and the win rate has its interval and an exact test",
  LONG,
  async () => {
    // The head wins three items in four and loses the fourth.
    world.say(
      sayWith(({ question, a }) => {
        const better = numberIn(question) % 4 === 3 ? "m" : "n";
        return a.startsWith(`${better} `) ? "A" : "B";
      }),
      isRight,
    );
    const runs = await runsOf("forty", "m", "n");
    const judging = await judgeRuns({ runs });
    expect(judging).toMatchObject({
      status: "done",
      stopped: "finished",
      items: 40,
      leftOut: 0,
      planned: 40,
      done: 40,
      createdBy: "Ada",
      judge: { name: "pairwise", model: "judge" },
      spent: { calls: 80, unpricedCalls: 0 },
      result: { bias: { judged: 40, inconsistent: 0, rate: 0 }, leaderboard: [] },
    });
    expect(world.asked).toHaveLength(80);
    const [pair] = judging.result?.pairs ?? [];
    expect(pair).toMatchObject({
      base: runs[0],
      head: runs[1],
      wins: 30,
      losses: 10,
      ties: 0,
      winRate: 0.75,
      verdict: "better",
    });
    // 2 · Σ C(40, k) / 2⁴⁰ for k up to 10.
    expect(pair?.pValue).toBeCloseTo(0.0022214337732293643, 15);
    expect(pair?.interval?.low).toBeGreaterThan(0.5);
    expect(pair?.interval?.high).toBeLessThan(0.9);
    const [verdict] = await verdictsOf(judging.judgingId, { itemId: "q3" });
    expect(verdict).toMatchObject({
      itemId: "q3",
      winner: "base",
      isConsistent: true,
      isSame: false,
      isCached: false,
      reason: "So it is.",
      baseOutput: "m says 3",
      headOutput: "n says 3",
      inputs: { question: "What is 3?" },
      calls: [
        { first: "head", better: "base", parseStatus: "ok", spanId: "s".repeat(16) },
        { first: "base", better: "base", parseStatus: "ok" },
      ],
    });
    expect(JSON.parse(verdict?.calls[0]?.rawAnswer ?? "")).toMatchObject({ better: "B", reason: "So it is." });
    expect(await verdictsOf(judging.judgingId, { outcome: "loss", limit: 200 })).toHaveLength(10);
  },
);

test("a judge that always prefers the first place gives ties, and its bias is reported", LONG, async () => {
  world.say(
    sayWith(() => "A"),
    isRight,
  );
  const runs = await runsOf("ten", "a", "b");
  const { result } = await judgeRuns({ runs });
  expect(result?.pairs[0]).toMatchObject({
    wins: 0,
    losses: 0,
    ties: 10,
    inconsistent: 10,
    winRate: 0.5,
    verdict: "inconclusive",
  });
  expect(result?.bias).toMatchObject({ judged: 10, inconsistent: 10, rate: 1, firstPlace: 10, secondPlace: 0 });
  // Ten of ten one way: 2 · ½¹⁰.
  expect(result?.bias.pValue).toBeCloseTo(0.001953125, 12);
});

test("more than two runs are ranked by strength with intervals over items", LONG, async () => {
  const weak: Prefers = (seen) =>
    numberIn(seen.question) % 4 === 0 ? inOrder("z", "y", "x")(seen) : inOrder("x", "y", "z")(seen);
  world.say(sayWith(weak), isRight);
  const runs = await runsOf("forty", "z", "y", "x");
  const { result, planned } = await judgeRuns({ runs });
  expect(planned).toBe(120);
  expect(result?.leaderboard.map(({ rank, runId }) => [rank, runId])).toEqual(
    [1, 2, 3].map((rank) => [rank, runs[3 - rank]]),
  );
  const [best, , last] = result?.leaderboard ?? [];
  expect(best?.interval?.low).toBeGreaterThan(1_000);
  expect(best?.interval?.high).toBeGreaterThan(best?.strength ?? 0);
  expect(last?.interval?.high).toBeLessThan(1_000);
  expect(best).toMatchObject({ wins: 60, losses: 20, ties: 0 });
  const first = await judgeRuns({ runs, pairing: "first" });
  expect(first.result?.pairs.map(({ base }) => base)).toEqual([runs[0], runs[0]]);
});

test("answers that are the same and pairs judged before cost nothing, whichever way round", LONG, async () => {
  world.say(sayWith(inOrder("k", "l")), isRight);
  const [one = "", other = "", again = ""] = await runsOf("ten", "k", "l", "k");
  await judgeRuns({ runs: [one, other] });
  expect(world.asked).toHaveLength(20);
  const turned = await judgeRuns({ runs: [other, one] });
  expect(world.asked).toHaveLength(20);
  expect(turned).toMatchObject({ spent: { calls: 0 }, result: { pairs: [{ wins: 10, losses: 0 }] } });
  const [verdict] = await verdictsOf(turned.judgingId);
  expect(verdict).toMatchObject({ isCached: true, winner: "head", calls: [{ better: "head" }, { better: "head" }] });
  expect(await judgeRuns({ runs: [one, again] })).toMatchObject({
    result: { pairs: [{ ties: 10, same: 10, inconsistent: 0 }], bias: { judged: 0, rate: null } },
  });
  expect(world.asked).toHaveLength(20);
  await judgeRuns({ runs: [one, other], cache: false });
  expect(world.asked).toHaveLength(40);
});

test("it stops at its budget, verdicts remain, and a larger budget continues with the rest", LONG, async () => {
  world.say(sayWith(inOrder("dear", "cheap"), { usd: 0.5 }), isRight);
  const runs = await runsOf("ten", "dear", "cheap");
  const stopped = await judgeRuns({ runs, budget: { usd: 3 }, concurrency: 1 });
  expect(stopped).toMatchObject({ status: "done", stopped: "budget-usd", done: 3, spent: { calls: 6, usd: 3 } });
  expect(stopped.result?.pairs[0]).toMatchObject({ losses: 3, verdict: "inconclusive" });
  await world.evals.judgings.resume(scope, stopped.judgingId, { budget: { usd: 100, tokens: 1_000_000 } });
  expect(await ended(stopped.judgingId)).toMatchObject({
    stopped: "finished",
    done: 10,
    spent: { calls: 20, usd: 10 },
  });
  expect(world.asked).toHaveLength(20);
});

test("it continues after a restart with the pairs that have no verdict yet", LONG, async () => {
  let hold = true;
  const judging = sayWith(inOrder("p", "q"));
  world.say(async (request, call) => {
    if (hold && judged(request) && call >= 30) await new Promise((resolve) => setTimeout(resolve, 300));
    return String((judging(request) as { text: string }).text ?? judging(request));
  }, isRight);
  hold = false;
  const runs = await runsOf("forty", "p", "q");
  hold = true;
  const { judgingId } = await start({ runs, concurrency: 2 });
  while (world.asked.length < 32) await new Promise((resolve) => setTimeout(resolve, 5));
  await world.restart();
  hold = false;
  expect(await ended(judgingId)).toMatchObject({ status: "done", done: 40, result: { pairs: [{ losses: 40 }] } });
  // Only the calls in progress at the stop are repeated.
  expect(world.asked.length).toBeLessThanOrEqual(80 + 2 * 2);
});

test("what the judge answers in no shape is failed and no tie, and resuming asks again", LONG, async () => {
  let isBroken = true;
  world.say((request) => {
    const verdict = judged(request);
    if (verdict && isBroken && numberIn(verdict.question) < 3) return "I would rather not say.";
    return sayWith(inOrder("r", "s"))(request) as string;
  }, isRight);
  const runs = await runsOf("ten", "r", "s");
  const judging = await judgeRuns({ runs });
  expect(judging.result?.pairs[0]).toMatchObject({ losses: 7, ties: 0, failed: 3 });
  const [failed] = await verdictsOf(judging.judgingId, { outcome: "failed" });
  expect(failed).toMatchObject({
    winner: null,
    state: "failed",
    calls: [{ rawAnswer: "I would rather not say.", parseStatus: "no-json" }],
  });
  isBroken = false;
  await world.evals.judgings.resume(scope, judging.judgingId, {});
  expect((await ended(judging.judgingId)).result?.pairs[0]).toMatchObject({ losses: 10, failed: 0 });
});

test("a provider that has too much to do is asked again until it answers", LONG, async () => {
  let refused = 0;
  world.say((request) => {
    if (judged(request) && refused++ < 2)
      throw new AppError("rate_limited", { message: "Too many requests.", retryAfterSeconds: 0 });
    return sayWith(inOrder("t", "u"))(request) as string;
  }, isRight);
  const runs = await runsOf("other", "t", "u");
  expect((await judgeRuns({ runs, concurrency: 1 })).result?.pairs[0]).toMatchObject({ losses: 5, failed: 0 });
});

test("an estimate tells calls, tokens and money before anything is asked, and what costs nothing", LONG, async () => {
  world.say(sayWith(inOrder("v", "w")), isRight);
  const runs = await runsOf("ten", "v", "w", "v");
  const priced = { kind: "pairwise", params: { model: "m" } };
  const estimate = await world.evals.judgings.estimate(scope, PairwiseInput.parse({ runs, judge: priced }));
  // v against v is the same ten times.
  expect(estimate).toMatchObject({
    items: 10,
    pairs: 3,
    comparisons: 30,
    free: 10,
    judgeCalls: 40,
    isWithinBudget: true,
  });
  expect(estimate.usd).toBeCloseTo((estimate.inputTokens + estimate.outputTokens) / 1_000_000, 12);
  expect(world.asked).toEqual([]);
  const unknown = await world.evals.judgings.estimate(scope, PairwiseInput.parse({ runs, judge, budget: { usd: 1 } }));
  expect(unknown).toMatchObject({ usd: null, isWithinBudget: null });
  await judgeRuns({ runs, judge: priced });
  const after = await world.evals.judgings.estimate(scope, PairwiseInput.parse({ runs, judge: priced }));
  expect(after).toMatchObject({ free: 30, judgeCalls: 0, usd: 0 });
});

test("uploaded runs without a dataset are judged where they answered the same inputs", LONG, async () => {
  world.say(
    sayWith(({ a }) => (a.includes("good") ? "A" : "B")),
    isRight,
  );
  const upload = async (name: string, inputs: (at: number) => object) => {
    const { runId } = await world.evals.runs.create(scope, RunInput.parse({ name }));
    const answers = Array.from({ length: 6 }, (_, at) =>
      UploadedAnswer.parse({ itemId: `u${at}`, inputs: inputs(at), output: `${name} ${at}` }),
    );
    await world.evals.runs.addAnswers(scope, runId, answers);
    await world.evals.runs.finish(scope, runId);
    return runId;
  };
  const runs = [await upload("bad", (at) => ({ at })), await upload("good", (at) => ({ at: at === 5 ? "other" : at }))];
  const judging = await judgeRuns({ runs });
  expect(judging).toMatchObject({ done: 6, result: { pairs: [{ wins: 5, failed: 0 }] } });
  expect((await verdictsOf(judging.judgingId, { itemId: "u5" }))[0]).toMatchObject({
    state: "undefined",
    winner: null,
  });
});

test.each([
  [
    "runs over different items",
    async () => ({ runs: [...(await runsOf("ten", "m")), ...(await runsOf("other", "m"))] }),
    "unprocessable",
  ],
  [
    "a scorer that compares no pairs",
    async () => ({ runs: await runsOf("other", "m", "n"), judge: { kind: "right", params: {} } }),
    "unprocessable",
  ],
  [
    "a judge whose model is not there",
    async () => ({ runs: await runsOf("other", "m", "n"), judge: { kind: "pairwise", params: { model: "missing" } } }),
    "not_found",
  ],
  ["a run that is not there", async () => ({ runs: ["run_none", "run_nil"] }), "not_found"],
] as const)("%s is refused before anything is asked", LONG, async (_, inputOf, code) => {
  world.say(
    sayWith(() => "tie"),
    isRight,
  );
  await expect(start(await inputOf())).rejects.toMatchObject({ code });
  expect(world.asked).toEqual([]);
});

test("a comparison of another project is not found, and a finished comparison cannot be canceled", LONG, async () => {
  world.say(
    sayWith(() => "tie"),
    isRight,
  );
  const judging = await judgeRuns({ runs: await runsOf("other", "g", "h") });
  expect(judging.result?.pairs[0]).toMatchObject({ ties: 5, inconsistent: 0 });
  await expect(world.evals.judgings.get({ ...scope, projectId: "proj_2" }, judging.judgingId)).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(world.evals.judgings.cancel(scope, judging.judgingId)).rejects.toMatchObject({ code: "conflict" });
  const { items: listed } = await world.evals.judgings.list(scope, { limit: 1, runId: judging.runs[0]?.runId });
  expect(listed.map(({ judgingId }) => judgingId)).toEqual([judging.judgingId]);
});
