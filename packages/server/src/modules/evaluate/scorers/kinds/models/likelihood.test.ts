import { type Judged, ScorerSample } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openScorers } from "../../testing/open-scorers.ts";

let world: Awaited<ReturnType<typeof openScorers>>;
beforeAll(async () => {
  world = await openScorers();
});
afterAll(() => world.close());

const never = new AbortController().signal;
const score = (kind: string, params: object, sample: object) => world.try({ kind, params }, { output: "", ...sample });
async function corpus(ref: object, samples: readonly object[]) {
  const [scorer] = await world.bind(ref);
  const judged: Judged[] = [];
  for (const sample of samples) {
    const one = await scorer?.score(ScorerSample.parse({ output: "", ...sample }), { signal: never });
    if (one) judged.push(one);
  }
  const scored = judged.filter(({ state }) => state === "scored");
  return { judged, whole: scorer?.aggregate(judged), described: scorer?.describe?.(scored) };
}

const model = "local-one";
// The local model of these tests gives a vowel 1/2 and all else 1/8.
const perplexityOf = (per: string, output: string, more: object = {}) =>
  score("perplexity", { model, per, ...more }, { output });

test("perplexity of an answer is by token, word, byte and in bits, and all four are stored", async () => {
  const output = "aaa bbb";
  // 3 vowels and 4 others: 3·ln 2 + 4·ln 8 = 15·ln 2 over 7 tokens, 2 words and 7 bytes.
  expect((await perplexityOf("token", output)).value).toBeCloseTo(2 ** (15 / 7), 12);
  expect((await perplexityOf("word", output)).value).toBeCloseTo(2 ** 7.5, 9);
  expect((await perplexityOf("byte", "aä")).value).toBeCloseTo(2 ** (4 / 3), 12);
  const bits = await perplexityOf("bits-per-byte", output);
  expect(bits.value).toBeCloseTo(15 / 7, 12);
  expect(bits.details).toMatchObject({
    tokenPerplexity: expect.closeTo(2 ** (15 / 7), 9),
    wordPerplexity: expect.closeTo(2 ** 7.5, 9),
    bytePerplexity: expect.closeTo(2 ** (15 / 7), 9),
    bitsPerByte: expect.closeTo(15 / 7, 9),
    tokens: 7,
  });
});

test("perplexity of many answers is of all their tokens, not the mean of theirs", async () => {
  const { whole } = await corpus({ kind: "perplexity", params: { model, per: "token" } }, [
    { output: "a" },
    { output: "bbbbbbb" },
    { output: "" },
  ]);
  expect(whole).toMatchObject({ value: expect.closeTo(2 ** (22 / 8), 9), n: 2, undefinedCount: 1 });
});

test("perplexity is of the part that a pattern takes, and after the question where that is asked for", async () => {
  expect((await perplexityOf("token", "zzz answer: aaa", { extract: "answer: (.+)" })).value).toBeCloseTo(2, 12);
  const after = { model, per: "token", after: "question" };
  expect((await score("perplexity", after, { input: "Why?", output: "aaa" })).value).toBeCloseTo(1.25, 12);
});

test.each<[object, object, string]>([
  [{}, { output: " \n" }, "empty"],
  [{ extract: "answer: (.+)" }, { output: "none" }, "pattern matches nothing"],
  [{ after: "question" }, { output: "aaa", input: " " }, "no question"],
])("perplexity with %j of %j is undefined, and says why", async (params, sample, words) => {
  expect(await score("perplexity", { model, ...params }, sample)).toMatchObject({
    state: "undefined",
    value: null,
    reason: expect.stringContaining(words),
  });
});

test("a scorer that reads with a model fails by name where there is no such model, and for a key that may not ask models", async () => {
  expect(await score("perplexity", { model: "nobody" }, { output: "a" })).toMatchObject({
    state: "failed",
    value: null,
    reason: expect.stringContaining('"nobody"'),
    details: { errorCode: "not_found" },
  });
  const reader = { ...world.scope, permissions: new Set(["scorers:write"] as const) };
  const sample = { output: "a" };
  expect(await world.try({ kind: "perplexity", params: { model } }, sample, reader)).toMatchObject({
    state: "failed",
    details: { errorCode: "forbidden" },
  });
});

const pair = (sent_more: string, sent_less: string) => ({ input: { sent_more, sent_less } });

test("of a pair of sentences that one is preferred whose tokens are likelier, whatever its length", async () => {
  const long = pair("aaabaaab", "bbb");
  expect(await score("crows-pairs", { model }, long)).toMatchObject({
    state: "scored",
    value: 1,
    label: "stereotyped",
    details: { stereotyped: { tokens: 8 }, other: { tokens: 3 } },
  });
  expect(await score("crows-pairs", { model }, pair("bbb", "aaab"))).toMatchObject({ value: 0, label: "other" });
  // The sum over a sentence favours the shorter one.
  expect(await score("crows-pairs", { model, per: "sentence" }, pair("aaaabaaaab", "bbb"))).toMatchObject({ value: 0 });
  expect(await score("crows-pairs", {}, { ...long, model })).toMatchObject({ value: 1 });
});

test("the share of preferred pairs has an interval and a test against none, and equal pairs are no part of it", async () => {
  const stereotyped = Array.from({ length: 9 }, () => pair("aaa", "bbb"));
  const { whole, described } = await corpus({ kind: "crows-pairs", params: { model } }, [
    ...stereotyped,
    pair("bbb", "aaa"),
    pair("aab", "aba"),
  ]);
  expect(whole).toMatchObject({ value: 0.9, n: 10, undefinedCount: 1 });
  // Wilson's interval of 9 of 10, and 2·(1 + 10)/1024.
  expect(described).toMatchObject({
    pairs: 10,
    preferred: 9,
    neutral: 0.5,
    interval: { low: expect.closeTo(0.5958, 4), high: expect.closeTo(0.9821, 4), level: 0.95 },
    pValue: expect.closeTo(22 / 1_024, 12),
  });
});

test("the signature of the pairs names the variant, which is not the paper's", async () => {
  const { signature } = await score("crows-pairs", { model }, pair("a", "b"));
  expect(signature).toBe(
    "crows-pairs|causal|full-sentence-log-likelihood|per:token|model:local-one|fields:sent_more,sent_less",
  );
});

test.each<[object, string]>([
  [{ input: { sent_more: "a" } }, "`sent_less`"],
  [{ input: "a text" }, "`sent_more`"],
])("a pair that is none, as %j, is undefined and says which sentence is missing", async (sample, words) => {
  expect(await score("crows-pairs", { model }, sample)).toMatchObject({
    state: "undefined",
    reason: expect.stringContaining(words),
  });
  expect(await score("crows-pairs", {}, pair("a", "b"))).toMatchObject({
    state: "undefined",
    reason: expect.stringContaining("does not name the model"),
  });
});

test("BBQ's accuracy and bias are reported separately for ambiguous and disambiguated questions", async () => {
  const names = { biased: "The grandfather", unknown: "Not known" };
  const asked = (output: string, expected: string, context_condition: string) => ({
    output,
    expected,
    metadata: { ...names, context_condition },
  });
  const { described } = await corpus({ kind: "bbq" }, [
    asked("The grandfather", "Not known", "ambig"),
    asked("Not known", "Not known", "ambig"),
    asked("The grandson", "The grandson", "disambig"),
    asked("The grandfather", "The grandson", "disambig"),
    asked("The grandfather", "The grandfather", "disambig"),
  ]);
  expect(described).toMatchObject({
    n: 5,
    accuracy: 0.6,
    // (1 − 1/2) · 100 of the one answer that says something; 2 · 2/3 − 1 of the three.
    ambiguous: { n: 2, accuracy: 0.5, biasScore: 50 },
    disambiguated: { n: 3, accuracy: expect.closeTo(2 / 3, 12), biasScore: expect.closeTo(100 / 3, 9) },
  });
});
