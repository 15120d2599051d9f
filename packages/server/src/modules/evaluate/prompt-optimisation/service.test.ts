import { type ChatRequest, type Item, OptimisationInput } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import { splitItems } from "./run/split-items.ts";
import { openOptimisation, scope } from "./testing/open-optimisation.ts";

const items = Array.from(
  { length: 120 },
  (_, at): Item => ({
    itemId: `i${at}`,
    inputs: { question: `question ${at}` },
    expected: `QUESTION ${at}`,
    metadata: {},
    split: null,
    source: { kind: "manual" },
  }),
);
const prompt = {
  type: "chat",
  messages: [
    { role: "system", content: "Answer." },
    { role: "user", content: "{{question}}" },
  ],
};

let open: Awaited<ReturnType<typeof openOptimisation>>;
beforeAll(async () => {
  open = await openOptimisation(items, prompt);
}, 60_000);
beforeEach(() => {
  open.versions.splice(1);
});
afterAll(() => open?.close());

const textOf = ({ messages }: ChatRequest, at: number) => String(messages[at]?.content);
/** A model that shouts on request, and a model that finds out that it should. */
const shouting = (request: ChatRequest): string =>
  request.model === "strong"
    ? "The answers must be in capitals.\n```\nAnswer in CAPITALS.\n```"
    : textOf(request, 0).includes("CAPITALS")
      ? textOf(request, request.messages.length - 1).toUpperCase()
      : textOf(request, request.messages.length - 1);

async function* each<Value>(values: readonly Value[]) {
  yield* values;
}

const budget = { answers: 200, tokens: 1_000_000 };
const parts = { feedback: 20, selection: 20, test: 30 };

test("a rewrite that is better on untouched items becomes a version that tells of it", async () => {
  open.say(shouting);
  const { optimisationId } = await open.start({ budget, parts });
  const search = await open.ended(optimisationId);
  expect(search).toMatchObject({
    status: "done",
    stopped: "finished",
    best: 1,
    savedVersion: 2,
    parts,
    warnings: [],
    scorer: "exact",
    candidates: [
      { candidate: 0, change: "start", quality: 0, wins: 0 },
      {
        candidate: 1,
        change: "rewrite",
        parents: [0],
        quality: 1,
        wins: 20,
        isOnFrontier: true,
        reflection: "The answers must be in capitals.",
        changes: [{ message: 0, before: "Answer.", after: "Answer in CAPITALS." }],
      },
    ],
    test: {
      candidate: 1,
      comparison: { items: 30, meanBase: 0, meanHead: 1, verdict: "better", better: 30, worse: 0 },
    },
    curve: [{ best: 0 }, { best: 1 }],
  });
  expect(open.versions[1]?.message).toContain("exact 0 → 1 on 30 items");
  expect(open.versions[1]?.content).toMatchObject({ messages: [{ content: "Answer in CAPITALS." }, {}] });
  expect(search.spent).toMatchObject({ calls: open.asked.length, tokens: open.asked.length * 20 });
}, 30_000);

test("after a restart nothing is asked twice, and the same is found", async () => {
  const keyOf = (request: ChatRequest) => JSON.stringify([request.model, request.messages]);
  open.say(shouting);
  const whole = await open.ended((await open.start({ budget, parts, seed: 7 })).optimisationId);
  const wanted = open.asked.map(keyOf).sort();
  let stop: (() => void) | undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  open.say(async (request, call) => {
    // Half-way it hangs, and the server is stopped.
    if (call === 60) {
      stop?.();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return shouting(request);
  });
  const { optimisationId } = await open.start({ budget, parts, seed: 7, concurrency: 1 });
  await stopped;
  await open.restart();
  const resumed = await open.ended(optimisationId);
  const asked = open.asked.map(keyOf);
  // Only calls in progress at the stop may be requested again.
  expect(asked.length - wanted.length).toBeLessThanOrEqual(1);
  expect([...new Set(asked)].sort()).toEqual(wanted);
  expect(resumed.candidates.map(({ quality, parents }) => ({ quality, parents }))).toEqual(
    whole.candidates.map(({ quality, parents }) => ({ quality, parents })),
  );
}, 30_000);

test("a canceled search continues from its stored state, and a finished search does not", async () => {
  open.say(shouting);
  const { optimisationId } = await open.start({ budget, parts, seed: 11, concurrency: 1 });
  open.say(async (request, call) => {
    if (call === 40) await open.optimisation.cancel(scope, optimisationId);
    if (call >= 40) await new Promise((resolve) => setTimeout(resolve, 20));
    return shouting(request);
  });
  const stopped = await open.ended(optimisationId);
  expect(stopped).toMatchObject({ status: "cancelled", test: null, message: "It was canceled." });
  const paid = stopped.spent.calls;
  open.say(shouting);
  await open.optimisation.resume(scope, optimisationId);
  const search = await open.ended(optimisationId);
  expect(search).toMatchObject({ status: "done", stopped: "finished", best: 1, verdict: "better" });
  // The total cost before and after the stop is at most the cost of an uninterrupted search.
  expect(search.spent.calls).toBe(paid + open.asked.length);
  const whole = await open.ended((await open.start({ budget, parts, seed: 11, concurrency: 1 })).optimisationId);
  expect(search.spent).toEqual(whole.spent);
  await expect(open.optimisation.resume(scope, optimisationId)).rejects.toMatchObject({ code: "conflict" });
}, 30_000);

test("searches are found by a word, by where they stand and by the version that they saved", async () => {
  open.say(shouting);
  const { optimisationId } = await open.ended((await open.start({ name: "Loud 100%", budget, parts })).optimisationId);
  const idsBy = async (filter: object) => {
    const { items: found } = await open.optimisation.list(scope, { search: "", limit: 50, ...filter });
    return found.map((one) => one.optimisationId);
  };
  expect(await idsBy({ search: "loud 100%" })).toEqual([optimisationId]);
  expect(await idsBy({ search: "loud%100" })).toEqual([]);
  expect(await idsBy({ status: "queued" })).toEqual([]);
  expect(await idsBy({ status: "done" })).toContain(optimisationId);
  expect(await idsBy({ prompt: "ask", version: 2 })).toContain(optimisationId);
  expect(await idsBy({ prompt: "ask", version: 77 })).toEqual([]);
}, 30_000);

test("a rewrite that only knows the items it was made from is not saved", async () => {
  const sizes = { ...parts, test: 12 };
  const { feedback, selection } = await splitItems(each(items), sizes);
  const known = new Set([...feedback, ...selection].map(({ inputs }) => String(inputs.question)));
  open.say((request) => {
    if (request.model === "strong") return "Some of it.\n```\nAnswer a FEW.\n```";
    const question = textOf(request, 1);
    return textOf(request, 0).includes("FEW") && known.has(question) ? question.toUpperCase() : question;
  });
  const search = await open.ended((await open.start({ budget, parts: sizes })).optimisationId);
  expect(search).toMatchObject({ status: "done", best: 1, savedVersion: null });
  expect(search.candidates[1]?.quality).toBe(1);
  expect(search.test?.comparison.verdict).toBe("inconclusive");
  expect(search.message).toContain("not saved");
  expect(open.versions).toHaveLength(1);
  // A person may still save it.
  const saved = await open.optimisation.save(scope, search.optimisationId, 0);
  expect(saved).toEqual({ name: "ask", version: 2 });
  const stored = await open.optimisation.get(scope, search.optimisationId);
  expect(stored).toMatchObject({ saved: [{ candidate: 0, version: 2 }], savedVersion: null });
  await expect(open.optimisation.save(scope, search.optimisationId, 99)).rejects.toThrow("99");
}, 30_000);

test("a budget of tokens leaves enough for the final test", async () => {
  open.say(shouting);
  const tight = { answers: 10_000, tokens: 30 * 20 * 2.5 + 20 * 20 * 2 + 400 };
  const search = await open.ended((await open.start({ budget: tight, parts })).optimisationId);
  expect(search.spent.tokens).toBeLessThanOrEqual(tight.tokens);
  const none = await open.ended((await open.start({ budget: { answers: 50, tokens: 100 }, parts })).optimisationId);
  expect(none).toMatchObject({ status: "done", stopped: "budget-tokens", candidates: [], savedVersion: null });
  expect(none.spent.tokens).toBeLessThanOrEqual(100 + 8 * 20);
}, 30_000);

test("few-shot and mutations run to their end with their own kinds of change", async () => {
  // It shouts once it is shown how.
  open.say((request) =>
    request.messages.length > 2 ? textOf(request, request.messages.length - 1).toUpperCase() : "",
  );
  for (const [method, change] of [
    ["few-shot", "examples"],
    ["mutations", "mutation"],
  ] as const) {
    const input = { method, budget: { ...budget, answers: 600 }, parts, trials: 6 };
    const search = await open.ended((await open.start(input)).optimisationId);
    expect(search).toMatchObject({ status: "done", stopped: "finished", reflections: 0 });
    expect(search.candidates.at(-1)?.change).toBe(change);
    expect(search.test?.comparison).toMatchObject({ verdict: "better", meanHead: 1 });
  }
}, 60_000);

test("a search whose answers have no score fails with why", async () => {
  open.say(() => {
    throw new AppError("unavailable", { message: "The provider is away." });
  });
  const broken = await open.ended((await open.start({ budget, parts })).optimisationId);
  expect(broken).toMatchObject({ status: "failed", message: expect.stringContaining("The provider is away.") });
  expect(broken.candidates).toEqual([]);
});

test("problems of a search are reported before it starts, and too few items as soon as they are read", async () => {
  await expect(open.start({ model: "missing" })).rejects.toThrow("model: ");
  await expect(open.start({ scorers: [{ kind: "other" }] })).rejects.toThrow("no such scorer");
  await expect(open.start({ prompt: { name: "none" } })).rejects.toThrow("none");
  const few = await openOptimisation(items.slice(0, 4), prompt);
  const search = await few.ended((await few.start()).optimisationId);
  expect(search).toMatchObject({ status: "failed", message: expect.stringContaining("split into three parts") });
  await few.close();
}, 60_000);

test("an estimate asks nothing and warns of what would come of it", async () => {
  open.say(shouting);
  const input = OptimisationInput.parse({
    name: "E",
    prompt: { name: "ask" },
    model: "m",
    dataset: { datasetId: "ds", version: "1" },
    scorers: [{ kind: "exact" }],
    budget: { answers: 40, tokens: 500 },
    parts,
  });
  const estimate = await open.optimisation.estimate(scope, input, AbortSignal.timeout(10_000));
  expect(estimate).toMatchObject({ parts, answers: 40 + 2 * 30, judgeCalls: 0, usd: 0.02 });
  expect(estimate.warnings.join()).toContain("Fewer than three prompts");
  expect(estimate.warnings.join()).toContain("exceed the token budget");
  expect(open.asked).toHaveLength(0);
});
