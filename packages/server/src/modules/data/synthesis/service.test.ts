import { type ChatRequest, type Item, SynthesisInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import { openSynthesis, scope } from "./testing/open-synthesis.ts";

const WORDS = ["apple", "river", "stone", "cloud", "lamp", "horse", "paper", "glass", "wheel", "tower"];
const item = (itemId: string, inputs: Item["inputs"], expected: unknown = null): Item => ({
  itemId,
  inputs,
  expected,
  metadata: {},
  split: null,
  source: { kind: "file", file: "seeds.jsonl" },
});
const seeds = (length: number) =>
  Array.from({ length }, (_, at) =>
    item(`q${at}`, { question: `What is the ${WORDS[at]} number ${at}?` }, `It is ${at}.`),
  );
const unanswered = (length: number) =>
  Array.from({ length }, (_, at) =>
    item(`u${at}`, { question: `Who owns the ${WORDS[at]}?` }, at === 0 ? "Ada" : null),
  );

let world: Awaited<ReturnType<typeof openSynthesis>>;
beforeAll(async () => {
  const names = ["new", "judged", "money", "near", "stale", "resumed", "barren", "schema", "moved", "failing"];
  world = await openSynthesis({
    ...Object.fromEntries(names.map((name) => [name, seeds(5)])),
    empty: [],
    unanswered: unanswered(6),
    cut: unanswered(6),
    pairs: unanswered(3),
    target: [],
  });
});
afterAll(() => world.close());

/** As many new items as requested. */
let made = 0;
const fresh = (many: number) => ({
  items: Array.from({ length: many }, () => {
    const at = made++;
    return {
      inputs: {
        question: `Which ${WORDS[at % 10]} of order ${at * 7_919} goes to district ${at * 104_729} by ${at * 31}?`,
      },
      expected: `The ${at}th.`,
    };
  }),
});
const manyIn = ({ messages }: ChatRequest) => Number(/Write (\d+) new\.$/.exec(String(messages.at(-1)?.content))?.[1]);
const isJudge = ({ model }: ChatRequest) => model === "judge";
const questions = { recipe: "questions", model: "maker", count: 12, concurrency: 2 };

test("new items are made like the seeds, in one step of the draft, and say where they come from", async () => {
  world.say((request) => `Here you are:\n${JSON.stringify(fresh(manyIn(request)))}`);
  const job = await world.run("new", { ...questions, licence: "Apache-2.0" });
  expect(job).toMatchObject({
    status: "done",
    result: { stop: "finished", kept: 12, added: 12, losses: [], spent: { calls: 3, tokens: 300, usd: 0.03 } },
  });
  const items = world.itemsOf("new");
  expect(items).toHaveLength(17);
  expect(items[0]).toMatchObject({ itemId: "q0", source: { kind: "file" } });
  expect(items[5]).toMatchObject({
    itemId: expect.stringMatching(/^it_[0-9a-f]{26}$/),
    source: { kind: "synthetic", model: "maker", jobId: job.jobId },
    metadata: { synthetic: { recipe: "questions", of: expect.arrayContaining([]), licence: "Apache-2.0" } },
  });
  expect(world.stepsOf("new")).toMatchObject([
    { kind: "synthetic", counts: { added: 12, removed: 0, changed: 0 }, recipe: { synthesis: { model: "maker" } } },
  ]);
  expect(String(world.asked[0]?.messages[1]?.content)).toContain("Example 3:");
  expect((await world.db.execute(sql`SELECT * FROM synthesis_items`)).rows).toEqual([]);
});

test("items with a judge's score below the threshold are dropped, and the other scores are stored", async () => {
  let judged = 0;
  world.say((request) =>
    isJudge(request)
      ? ([`{"score": 9, "reason": "clear"}`, `{"score": 3, "reason": "dull"}`, "No idea."][judged++ % 3] ?? "")
      : JSON.stringify(fresh(manyIn(request))),
  );
  const { result } = await world.run("judged", { ...questions, count: 3, judge: { model: "judge", threshold: 8 } });
  expect(result).toMatchObject({ kept: 3, added: 3, stop: "finished" });
  const { losses } = result as { losses: { loss: string; count: number }[] };
  expect(losses.map(({ loss }) => loss).sort()).toEqual(["below-threshold", "judge-unreadable"]);
  for (const one of world.itemsOf("judged").slice(5))
    expect(one.metadata.synthetic).toMatchObject({ score: 9, judge: "judge" });
});

test("a budget is respected: no call starts that could exceed it, and finished work remains", async () => {
  world.say((request) => ({ text: JSON.stringify(fresh(manyIn(request))), usd: 0.25 }));
  const { result } = await world.run("money", { ...questions, count: 500, budget: { usd: 1.1 } });
  expect(result).toMatchObject({ stop: "budget-usd", spent: { calls: 4, usd: 1 }, added: 20 });
  expect(result).toMatchObject({ why: expect.stringContaining("1.0000 spent") });
  world.say((request) => ({ text: JSON.stringify(fresh(manyIn(request))), usd: 0, tokens: 300 }));
  const { result: other } = await world.run("money", { ...questions, count: 500, budget: { tokens: 1_000 } });
  expect(other).toMatchObject({ stop: "budget-tokens", spent: { calls: 3, tokens: 900 }, added: 15 });
});

test("a cost budget stops immediately at a model without a price, and explains the fix", async () => {
  world.say((request) => ({ text: JSON.stringify(fresh(manyIn(request))), usd: null }));
  const { result } = await world.run("money", { ...questions, count: 500, concurrency: 1, budget: { usd: 5 } });
  expect(result).toMatchObject({ stop: "price-unknown", spent: { calls: 1, unpricedCalls: 1 }, added: 5 });
  expect(result).toMatchObject({ why: expect.stringContaining("Set a price for the model") });
});

test("duplicates and near-duplicates of what is there are dropped and counted, and so is what cannot be read", async () => {
  const long = "when does the parcel from the shop in the old town arrive at the house of my aunt by the sea";
  world.change("near", [...seeds(5), item("long", { question: `${long} on Monday?` }, "At noon.")]);
  const answers = [
    `{"items": [{"question": "  what is the APPLE number 0? ", "expected": "x"}, {"question": "${long} on Tuesday?", "expected": "y"}]}`,
    "I am sorry, I cannot.",
    '{"items": [{"question": "And who is left?"}]}',
    '{"items": [{"question": "And who is left?", "expected": "Nobody."}]}',
  ];
  world.say((_, call) => answers[Math.min(call, 3)] ?? "");
  const { result } = await world.run("near", { ...questions, count: 2, concurrency: 1 });
  expect(result).toMatchObject({ added: 1, tries: 4, stop: "finished" });
  expect(result).toMatchObject({
    losses: [
      { loss: "unreadable", count: 1 },
      { loss: "misshapen", count: 1 },
      { loss: "duplicate", count: 1 },
      { loss: "near-duplicate", count: 1 },
    ],
  });
  expect(world.itemsOf("near").at(-1)).toMatchObject({ inputs: { question: "And who is left?" } });
});

test("answers are put into the items that lack one, and leave those that have one alone", async () => {
  world.say(({ messages }) => `Answer to: ${messages.at(-1)?.content}`);
  const { result } = await world.run("unanswered", { recipe: "answers", model: "maker", count: 100 });
  expect(result).toMatchObject({ stop: "no-more-seeds", changed: 5, added: 0 });
  expect(world.itemsOf("unanswered").map(({ itemId, expected }) => [itemId, expected])).toEqual([
    ["u0", "Ada"],
    ...[1, 2, 3, 4, 5].map((at) => [`u${at}`, `Answer to: Who owns the ${WORDS[at]}?`]),
  ]);
  expect(world.itemsOf("unanswered")[1]?.source).toMatchObject({ kind: "synthetic", file: "seeds.jsonl" });
});

test("a pair is accepted if the judge agrees in both orders, and is added to the requesting dataset", async () => {
  let sample = 0;
  world.say((request) => {
    if (!isJudge(request))
      return `${sample++ % 2 === 0 ? "good" : "bad"} answer to ${request.messages.at(-1)?.content}`;
    const asked = String(request.messages.at(-1)?.content);
    if (asked.includes("stone")) return '{"better": "A"}';
    return asked.indexOf("good answer") < asked.indexOf("bad answer") ? '{"better": "A"}' : "The better is B.";
  });
  const input = { recipe: "preferences", model: "maker", count: 9, judge: { model: "judge" }, concurrency: 1 };
  const { result } = await world.run("target", { ...input, seeds: { datasetId: "pairs" } });
  expect(result).toMatchObject({ added: 2, stop: "no-more-seeds", losses: [{ loss: "undecided", count: 1 }] });
  expect(world.itemsOf("target")[0]).toMatchObject({
    inputs: { question: "Who owns the apple?" },
    expected: {
      chosen: [{ role: "assistant", content: "good answer to Who owns the apple?" }],
      rejected: [{ role: "assistant", content: "bad answer to Who owns the apple?" }],
    },
  });
});

test("a stopped job continues with the results it has paid for", async () => {
  let isHeld = false;
  world.say(({ messages }, call) => {
    if (call < 3) return `Answer ${messages.at(-1)?.content}`;
    isHeld = true;
    throw new AppError("overloaded");
  });
  const input = SynthesisInput.parse({ recipe: "answers", model: "maker", count: 100, concurrency: 1 });
  const { jobId } = await world.synthesis.start(scope, "cut", input);
  await expect.poll(() => isHeld, { timeout: 5_000 }).toBe(true);
  await world.restart();
  world.say(({ messages }) => `Later ${messages.at(-1)?.content}`);
  const job = await world.ended(jobId);
  expect(job).toMatchObject({ status: "done", result: { stop: "no-more-seeds" } });
  const answers = world.itemsOf("cut").map(({ expected }) => String(expected));
  expect(answers.filter((answer) => answer.startsWith("Answer"))).toHaveLength(3);
  expect(world.stepsOf("cut")).toHaveLength(1);
});

test("a draft that another user changed gets the items on top of the change", async () => {
  let isChanged = false;
  world.say((request) => {
    if (!isChanged) world.change("moved", seeds(2));
    isChanged = true;
    return JSON.stringify(fresh(manyIn(request)));
  });
  expect(await world.run("moved", { ...questions, count: 2 })).toMatchObject({ result: { added: 2 } });
  expect(world.itemsOf("moved")).toHaveLength(4);
});

test("items that break the dataset's schema are dropped, and work without yield is given up", async () => {
  world.setSchema("schema", { type: "object", properties: { question: { type: "string", maxLength: 5 } } });
  world.say((request) => JSON.stringify(fresh(manyIn(request))));
  const { result } = await world.run("schema", { ...questions, concurrency: 10 });
  expect(result).toMatchObject({ stop: "too-few-kept", added: 0, why: expect.stringContaining("the job stopped") });
  expect(JSON.stringify(result)).toContain("/inputs/question");
  expect(world.stepsOf("schema")).toEqual([]);
});

test("a permanent failure of a call fails the job immediately; a preview reports why its calls failed", async () => {
  world.say(() => {
    throw new AppError("not_found", { message: 'There is no model "maker".' });
  });
  expect(await world.run("failing", questions)).toMatchObject({
    status: "failed",
    failures: 1,
    error: { message: 'There is no model "maker".' },
  });
  world.say(() => {
    throw new AppError("provider_failed", { message: "It is down." });
  });
  const input = { ...SynthesisInput.parse(questions), tries: 2 };
  const { signal } = new AbortController();
  await expect(world.synthesis.preview(scope, "failing", { input, signal })).rejects.toThrow("It is down.");
});

test("a preview shows accepted and rejected items with reasons, estimates the price, and writes nothing", async () => {
  world.say((request, call) =>
    isJudge(request) ? `{"score": ${call % 2 ? 9 : 2}, "reason": "so"}` : JSON.stringify(fresh(1)),
  );
  const input = { ...SynthesisInput.parse({ ...questions, count: 100, judge: { model: "judge" } }), tries: 2 };
  const preview = await world.synthesis.preview(scope, "new", { input, signal: new AbortController().signal });
  expect(new Map(preview.items.map(({ loss, score }) => [score, loss]))).toEqual(
    new Map([
      [2, "below-threshold"],
      [9, null],
    ]),
  );
  expect(preview).toMatchObject({ kept: 1, spent: { calls: 4, tokens: 400 }, forecast: { tokens: 40_000, usd: 4 } });
  expect(world.stepsOf("new")).toHaveLength(1);
});

test("what cannot be begun is refused with what to do", async () => {
  const start = (datasetId: string, input: object, who = scope) =>
    world.synthesis.start(who, datasetId, SynthesisInput.parse(input));
  await expect(start("nowhere", questions)).rejects.toMatchObject({ code: "not_found" });
  await expect(start("new", { ...questions, seeds: { datasetId: "nowhere" } })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(start("new", { ...questions, recipe: "preferences" })).rejects.toThrow("Set `judge`");
  await expect(start("empty", questions)).rejects.toThrow("Set `instructions`");
  await expect(start("empty", { ...questions, recipe: "evolve" })).rejects.toThrow("no item to start from");
  await expect(start("new", questions, { ...scope, permissions: new Set(["datasets:write"]) })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("without any item, items are made from instructions alone", async () => {
  world.say((request) => JSON.stringify(fresh(manyIn(request))));
  const { result } = await world.run("empty", { ...questions, count: 4, instructions: "About the sea." });
  expect(result).toMatchObject({ added: 4 });
  expect(String(world.asked[0]?.messages[0]?.content)).toContain("About the sea.");
});
