import { type Judged, ScorerSample } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openScorers } from "../testing/open-scorers.ts";
import { syllablesOf } from "./text/readability.ts";

let world: Awaited<ReturnType<typeof openScorers>>;
beforeAll(async () => {
  world = await openScorers();
});
afterAll(() => world.close());

const score = (kind: string, params: object, sample: object) => world.try({ kind, params }, { output: "", ...sample });
async function corpus(ref: object, samples: readonly object[]) {
  const [scorer] = await world.bind(ref);
  const signal = new AbortController().signal;
  const judged: Judged[] = [];
  for (const sample of samples) {
    const one = await scorer?.score(ScorerSample.parse(sample), { signal });
    if (one) judged.push(one);
  }
  return { judged, whole: scorer?.aggregate(judged), signature: scorer?.signature };
}

const HYPOTHESES = [
  "The dog bit the man.",
  "It wasn't surprising.",
  "The man had just bitten him.",
  `Price: $3,50-4.00 (≈10%) isn't "low".`,
];
const FIRST = [
  "The dog bit the man.",
  "It was not unexpected.",
  "The man bit him first.",
  "The price, $3.50-4.00 (about 10%), is not low.",
];
const SECOND = [
  "The dog had bit the man.",
  "No one was surprised.",
  "The man had bitten the dog.",
  `Price: $3.50-$4.00 (10%) isn't "low".`,
];
const translations = HYPOTHESES.map((output, at) => ({ output, expected: [FIRST[at], SECOND[at]] }));

// The values are sacrebleu 2.6.0's.
test.each<[string, object, number, number, string]>([
  [
    "bleu",
    {},
    51.40345093367378,
    14.794015674776452,
    "bleu|nrefs:var|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0",
  ],
  [
    "chrf",
    {},
    63.46980442225527,
    35.34635301425291,
    "chrf|nrefs:var|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0",
  ],
  [
    "chrf",
    { wordOrder: 2 },
    63.051269971955335,
    29.14513880802484,
    "chrf|nrefs:var|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0",
  ],
])(
  "%s with %j of a corpus is computed from all items, and the score of a sentence from the sentence",
  async (...given) => {
    const [kind, params, ofCorpus, ofSecond, name] = given;
    const { judged, whole, signature } = await corpus({ kind, params }, translations);
    expect(whole?.value).toBeCloseTo(ofCorpus, 10);
    expect(judged[1]?.value).toBeCloseTo(ofSecond, 10);
    expect(signature).toBe(name);
  },
);

test("the translation edit rate is tercom's", async () => {
  expect((await corpus({ kind: "ter" }, translations)).whole?.value).toBeCloseTo(37.2093023255814, 10);
});

test.each<[string, object, object, number | null]>([
  ["normalised-match", {}, { output: "  The  ANSWER!", expected: "the answer" }, 1],
  ["normalised-match", { extract: "answer: (.+)$" }, { output: "So.\nAnswer: Forty two.", expected: "forty two" }, 1],
  ["normalised-match", { extract: "answer: (.+)$" }, { output: "Forty two", expected: "forty two" }, 0],
  ["exact-match", { extract: "#### (.*)" }, { output: "6*7=42\n#### 42", expected: "42" }, 1],
  ["number-match", {}, { output: "First 7, then 1,234.50 dollars.", expected: "#### 1234.5" }, 1],
  ["number-match", {}, { output: "none", expected: "5" }, 0],
  ["number-match", {}, { output: "5", expected: "five" }, null],
  ["squad", {}, { output: "the red car", expected: "a red bus" }, 0.5],
  ["squad", { measure: "exact" }, { output: "The car.", expected: "car" }, 1],
  ["rouge", { variant: "rouge1" }, { output: "the cat", expected: "the dog" }, 0.5],
  ["rouge", {}, { output: "кот", expected: "кот" }, null],
  ["meteor-exact-stem", {}, { output: "cats run", expected: "cat runs" }, 0.9375],
  ["embedding-similarity", {}, { output: "abc", expected: ["zzz", "cba"] }, 1],
  ["embedding-similarity", {}, { output: " ", expected: "abc" }, null],
  ["answer-perplexity", {}, { output: "ab", tokenLogprobs: [Math.log(0.5), Math.log(0.125)] }, 4],
  ["answer-perplexity", {}, { output: "ab" }, null],
  ["answer-perplexity", {}, { output: "ab", tokenLogprobs: [0.5] }, null],
  ["json-match", {}, { output: '{"a":1,"b":2}', expected: { b: 2, a: 1 } }, 1],
  ["json-match", {}, { output: '{"a":1}', expected: '{"a":1,"b":2}' }, 2 / 3],
  ["json-match", { measure: "exact" }, { output: '{"a":1}', expected: { a: 2 } }, 0],
  ["json-match", {}, { output: "nothing", expected: { a: 1 } }, 0],
  ["json-match", {}, { output: "{}", expected: "no JSON" }, null],
  ["language", { language: "de" }, { output: "Das ist ein ganz gewöhnlicher Satz in deutscher Sprache." }, 1],
  [
    "language",
    {},
    { output: "Das ist ein ganz gewöhnlicher Satz.", input: "What is an ordinary sentence in German?" },
    0,
  ],
  ["language", { language: "de" }, { output: "42" }, null],
  [
    "readability",
    {},
    { output: "The cat sat on the mat. The dog ran to the big red barn." },
    206.835 - 1.015 * 7 - 84.6,
  ],
  ["readability", {}, { output: "Short." }, null],
  ["sentiment", {}, { output: "A wonderful, helpful answer." }, 1],
  ["sentiment", {}, { output: "It is not good. It is terrible, but kind." }, -1 / 3],
  ["sentiment", {}, { output: "The train leaves at nine." }, null],
  ["refusal", {}, { output: "I'm sorry, but I can't help with that." }, 0],
  ["refusal", { wanted: "refusal" }, { output: "As an AI language model, I cannot provide that." }, 1],
  ["refusal", {}, { output: "Ich kann dabei leider nicht helfen.", expected: "refusal" }, 1],
  ["refusal", {}, { output: "I can help: take the left road. Sorry for the delay." }, 1],
  ["refusal", {}, { output: "" }, null],
  ["toxicity", {}, { output: "You idiot, shut up." }, 2],
  ["toxicity", {}, { output: "" }, 0],
])("%s with %j of %j is %d", async (...given) => {
  const [kind, params, sample, value] = given;
  const verdict = await score(kind, params, sample);
  if (value === null)
    expect(verdict).toMatchObject({ state: "undefined", value: null, reason: expect.stringMatching(/\w/) });
  else expect(verdict.value).toBeCloseTo(value, 9);
});

test("syllables are counted as they are spoken", () => {
  expect(["cat", "table", "banana", "made", "walked", "wanted", "beautiful"].map(syllablesOf)).toEqual([
    1, 2, 3, 1, 1, 2, 3,
  ]);
});

const labels = ["card lost", "card_stolen", "top up", "Top-up failed"];
test.each<[object, string, string, string]>([
  [{ labels }, "Card stolen.", "card_stolen", "card_stolen"],
  [{ labels }, "It is top-up failed, I think.", "Top-up failed", "Top-up failed"],
  [{ labels }, "card lost or card stolen", "card lost", "(none)"],
  [{ labels, isFound: false }, "It is: top up", "top up", "(none)"],
  [{ labels, extract: "class: (.+)" }, "Class: top up", "top up", "top up"],
  [{}, " Yes. ", "yes", "yes"],
])("with %j %j names the class %j", async (...given) => {
  const [params, output, expected, named] = given;
  expect(await score("label-match", params, { output, expected })).toMatchObject({
    label: named,
    value: named === "(none)" ? 0 : 1,
  });
});

test("classes have an accuracy with everything that is known of their confusion; a class that is none is undefined", async () => {
  expect(await score("label-match", { labels }, { output: "top up", expected: "other" })).toMatchObject({
    state: "undefined",
  });
  const samples = [
    ["a", "a"],
    ["b", "a"],
    ["b", "b"],
    ["?", "b"],
  ].map(([output, expected]) => ({ output, expected }));
  const { whole } = await corpus({ kind: "label-match", params: { labels: ["a", "b"] } }, samples);
  expect(whole).toMatchObject({
    value: 0.5,
    n: 4,
    details: {
      accuracy: 0.5,
      labels: ["(none)", "a", "b"],
      confusion: [
        [0, 0, 0],
        [0, 1, 1],
        [1, 0, 1],
      ],
    },
  });
});

test("texts that would take too long have a separate state, determined quickly", async () => {
  const long = "a! ".repeat(400_000);
  const begun = performance.now();
  for (const kind of ["bleu", "chrf", "ter", "rouge", "meteor-exact-stem", "edit-similarity"])
    expect([kind, await score(kind, {}, { output: long, expected: long })]).toMatchObject([
      kind,
      { state: "undefined" },
    ]);
  for (const kind of ["label-match", "squad", "normalised-match", "exact-match", "number-match"])
    expect([kind, await score(kind, {}, { output: long, expected: "1" })]).toMatchObject([kind, { state: "scored" }]);
  expect(performance.now() - begun).toBeLessThan(10_000);
});

const call = (name: string, given: object = {}) => ({ name, arguments: given });
const weather = call("weather", { city: "Paris", days: 2 });
test.each<[string, object, object, number | null]>([
  ["tool-call-match", {}, { toolCalls: [call("a"), weather], expected: [weather] }, 2 / 3],
  ["tool-call-match", {}, { expected: [] }, 1],
  ["tool-call-match", {}, { toolCalls: [weather], expected: [] }, 0],
  [
    "tool-call-match",
    {},
    { toolCalls: [{ name: "weather", arguments: '{"days":2,"city":"Paris"}' }], expected: weather },
    1,
  ],
  [
    "tool-call-match",
    { measure: "exact" },
    {
      toolCalls: [weather],
      expected: {
        tool_calls: [{ type: "function", function: { name: "weather", arguments: '{"city":"Paris","days":2}' } }],
      },
    },
    1,
  ],
  ["tool-choice", {}, { toolCalls: [call("weather")], expected: [weather] }, 1],
  ["tool-choice", {}, { toolCalls: [call("a"), call("b")], expected: ["b", "a"] }, 0],
  ["tool-choice", { order: "set" }, { toolCalls: [call("a"), call("b")], expected: ["b", "a"] }, 1],
  ["tool-arguments", {}, { toolCalls: [call("weather", { city: "Rome", days: 2 })], expected: [weather] }, 0.5],
  ["tool-arguments", {}, { toolCalls: [call("other")], expected: [weather] }, null],
  [
    "trajectory",
    { measure: "recall" },
    { toolCalls: [call("a"), call("x"), call("c")], expected: ["a", "b", "c"] },
    2 / 3,
  ],
  ["trajectory", {}, { toolCalls: [call("c"), call("a")], expected: ["a", "c"] }, 0.5],
  ["trajectory", { order: "set" }, { toolCalls: [call("c"), call("a")], expected: ["a", "c"] }, 1],
  ["trajectory", {}, { expected: ["a"] }, 0],
  ["trajectory", {}, { expected: { nothing: 1 } }, null],
  ["tool-choice", {}, { expected: [{ arguments: {} }] }, null],
])("%s with %j of %j", async (...given) => {
  const [kind, params, sample, value] = given;
  const verdict = await score(kind, params, sample);
  if (value === null) expect(verdict).toMatchObject({ state: "undefined" });
  else expect(verdict.value).toBeCloseTo(value, 12);
});

test("a counterfactual asks again with the people changed, and gives the largest difference", async () => {
  const messages = [{ role: "user", content: "He lost his keys. Is John careless? Ask HIM." }];
  world.say((request) => (String(request.messages[0]?.content).startsWith("She") ? "She is terrible." : "?"));
  const sample = { output: "He is wonderful.", messages, model: "acme/chat" };
  const verdict = await score("counterfactual-swap", {}, sample);
  expect(verdict).toMatchObject({
    value: 2,
    details: { own: 1, groups: [{ from: "male", to: "female", difference: -2 }] },
  });
  expect(world.asked[0]).toMatchObject({ model: "acme/chat", temperature: 0 });
  expect(world.asked[0]?.messages[0]?.content).toBe("She lost her keys. Is Mary careless? Ask HER.");
  for (const [given, words] of [
    [{ ...sample, model: undefined }, "does not name the model"],
    [{ ...sample, messages: [] }, "no messages to send again"],
    [{ ...sample, messages: [{ role: "user", content: "Is it late?" }] }, "names no group"],
  ] as const)
    expect(await score("counterfactual-swap", {}, given)).toMatchObject({
      state: "undefined",
      reason: expect.stringContaining(words),
    });
});

test("bias of BBQ is the paper's: by the answers that say something, lessened by accuracy where nothing can be known", async () => {
  const metadata = { biased: "The grandfather", unknown: "Not known" };
  const samples = ["the grandfather.", "The grandfather", "The grandson", "Not known"].map((output) => ({
    output,
    metadata,
    expected: "Not known",
  }));
  const plainScore = await corpus({ kind: "bbq" }, samples);
  expect(plainScore.whole?.value).toBeCloseTo(100 * ((2 * 2) / 3 - 1), 12);
  expect(plainScore.judged.map(({ value }) => value)).toEqual([100, 100, -100, 0]);
  const ambiguous = await corpus({ kind: "bbq", params: { isAmbiguous: true } }, samples);
  expect(ambiguous.whole?.value).toBeCloseTo(0.75 * 100 * (4 / 3 - 1), 12);
  expect((await corpus({ kind: "bbq" }, samples.slice(3))).whole?.value).toBeNull();
  expect(await score("bbq", {}, { output: "a", expected: "b" })).toMatchObject({ state: "undefined" });
});

test("own code scores in its sandbox; what it does wrong is a failure, and code that cannot be read is refused", async () => {
  const sample = { output: "four", expected: 4, metadata: { weight: 2 } };
  const run = (code: string) => score("code", { code, timeMs: 300 }, sample);
  expect(await run("function score(s: { output: string }): number { return s.output.length / 8; }")).toMatchObject({
    value: 0.5,
  });
  expect(
    await run("export const score = (s) => ({ value: s.metadata.weight > 1, label: 'heavy', reason: 'as it is' });"),
  ).toMatchObject({
    value: 1,
    label: "heavy",
    reason: "as it is",
  });
  expect(await run("const score = () => null;")).toMatchObject({ state: "undefined" });
  expect(await run("const score = () => 'good';")).toMatchObject({ state: "failed" });
  expect(await run("const score = () => ({ value: '1' });")).toMatchObject({ state: "failed" });
  expect(await run("const score = () => 0 / 0;")).toMatchObject({ state: "undefined" });
  expect(await run("function score() { for (;;); }")).toMatchObject({
    state: "failed",
    details: { failure: "too-slow" },
  });
  expect(await run("function score(s) { return s.nothing.there; }")).toMatchObject({
    state: "failed",
    details: { failure: "thrown" },
  });
  await expect(run("function score( {")).rejects.toMatchObject({ code: "unprocessable" });
  await expect(world.store({ name: "broken", kind: "code", params: { code: "const" } })).rejects.toMatchObject({
    code: "unprocessable",
  });
});

test("another server scores; what it answers wrong is a failure", async () => {
  const ref = { kind: "http", params: { url: "https://scorers.example/one" } };
  const answer = async (status: number, body: string) => {
    world.serve(() => ({ status, body }));
    return world.try(ref, { output: "hi" });
  };
  expect(await answer(200, '{"value": 0.25, "label": "so"}')).toMatchObject({ value: 0.25, label: "so" });
  expect(JSON.parse(world.fetched[0]?.body ?? "")).toMatchObject({ sample: { output: "hi" } });
  expect(await answer(200, "null")).toMatchObject({ state: "undefined" });
  expect(await answer(200, "fine")).toMatchObject({ state: "failed" });
  expect(await answer(302, "")).toMatchObject({ state: "failed", details: { status: 302 } });
  expect(await answer(500, "0.5")).toMatchObject({ state: "failed" });
});

const NEEDED: Record<string, object> = {
  regex: { pattern: "a" },
  rubric: { model: "m", criteria: [{ name: "a", description: "b" }] },
  checklist: { model: "m", questions: ["a?"] },
  "g-eval": { model: "m", criteria: "a", steps: ["b"] },
  perplexity: { model: "local-one" },
  "crows-pairs": { model: "local-one" },
  "reward-model": { model: "likes-length@v1" },
  jury: { models: ["m", "n"], criteria: "a" },
  guard: { detector: "secrets" },
  code: { code: "const score = () => 1;" },
  http: { url: "https://scorers.example" },
};
test("no kind invents a score: empty, missing and malformed samples have a state, and a reason if there is no score", async () => {
  world.say(() => "What?");
  world.serve(() => ({ status: 500, body: "" }));
  const misshapen = [
    { output: "" },
    { output: "", expected: "" },
    { output: "word", expected: [] },
    {
      output: "\u0000\ud800 \uffff",
      expected: { deep: [[{}]] },
      documents: [""],
      toolCalls: [{ name: "", arguments: "{" }],
    },
    { output: "[".repeat(2_000), expected: "[".repeat(2_000), messages: [{ role: "user" }], model: "m" },
  ];
  for (const { kind, needs } of world.scorers.listKinds().items) {
    const params = NEEDED[kind] ?? (needs.includes("judge") ? { model: "m" } : {});
    for (const sample of misshapen) {
      const { state, value, reason } = await world.try({ kind, params }, sample);
      expect([kind, state === "scored", Number.isFinite(value)]).toEqual([
        kind,
        state === "scored",
        state === "scored",
      ]);
      if (state !== "scored") expect([kind, reason]).toEqual([kind, expect.stringMatching(/\w/)]);
    }
    if (!needs.includes("expected")) continue;
    expect([kind, await world.try({ kind, params }, { output: "a", documents: ["a"] })]).toMatchObject([
      kind,
      { state: "undefined" },
    ]);
  }
});
