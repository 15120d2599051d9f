import type { ChatRequest } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judged, partsOf } from "../../testing/answers.ts";
import { openScorers } from "../../testing/open-scorers.ts";
import { citedSentences } from "./citation-check.ts";
import { precisionOf } from "./rag-judged.ts";

let world: Awaited<ReturnType<typeof openScorers>>;
beforeAll(async () => {
  world = await openScorers();
});
afterAll(() => world.close());

const model = "acme/judge-1";
const documents = ["Goethe wrote Faust in Weimar.", "Schiller wrote plays."];
const sample = { input: "Who wrote Faust?", output: "Goethe wrote it in Rome.", expected: "Goethe", documents };
const say = (fields: object | ((request: ChatRequest, call: number) => object)) =>
  world.say((request, call) => judged(request, typeof fields === "function" ? fields(request, call) : fields));
const score = (kind: string, given: object = {}, params: object = { model }) =>
  world.try({ kind, params }, { ...sample, ...given });
const claims = (...supported: boolean[]) => ({
  claims: supported.map((one, at) => ({ claim: `c${at}`, supported: one })),
});

test("faithfulness is the share of statements that follow from the documents", async () => {
  say(claims(true, false, true, true));
  expect(await score("faithfulness")).toMatchObject({
    value: 0.75,
    details: { claims: expect.arrayContaining([{ claim: "c1", isSupported: false }]) },
  });
  expect(partsOf(world.asked[0] ?? { model, messages: [] }).DOCUMENTS).toBe(
    `[1] ${documents[0]}\n\n[2] ${documents[1]}`,
  );
  say(claims());
  expect(await score("faithfulness")).toMatchObject({ state: "undefined", reason: "The answer makes no statements." });
});

test("a judge that copies what it was shown says nothing", async () => {
  say({ claims: [{ claim: "<statement>", supported: true }] });
  expect(await score("faithfulness")).toMatchObject({ state: "failed", details: { parseStatus: "misshapen" } });
});

test("context recall equals the recall of the expected answer", async () => {
  say(claims(true, false));
  expect(await score("context-recall")).toMatchObject({ value: 0.5 });
  expect(partsOf(world.asked[0] ?? { model, messages: [] })).not.toHaveProperty("ANSWER");
});

test("context precision depends on the rank", async () => {
  expect(precisionOf([true, false, true])).toBeCloseTo((1 + 2 / 3) / 2, 12);
  expect(precisionOf([false, false])).toBe(0);
  say({ useful: [false, true] });
  expect(await score("context-precision")).toMatchObject({ value: 0.5 });
  say({ useful: [true] });
  expect(await score("context-precision")).toMatchObject({ state: "failed" });
});

test("noise sensitivity counts wrong statements that come from documents, of the kind that is asked for", async () => {
  const said = {
    relevant: [1],
    claims: [
      { claim: "a", correct: false, documents: [2] },
      { claim: "b", correct: false, documents: [] },
      { claim: "c", correct: true, documents: [1] },
      { claim: "d", correct: false, documents: [1, 99] },
    ],
  };
  say(said);
  expect(await score("noise-sensitivity")).toMatchObject({ value: 0.5 });
  expect(await score("noise-sensitivity", {}, { model, from: "irrelevant" })).toMatchObject({ value: 0.25 });
  expect(await score("noise-sensitivity", {}, { model, from: "relevant" })).toMatchObject({ value: 0.25 });
});

test("answer relevancy is the mean cosine with questions made up for it, and 0 when the answer evades", async () => {
  say({
    questions: [
      { question: "Who wrote Faust?", noncommittal: false },
      { question: "zzz", noncommittal: true },
    ],
  });
  const verdict = await score("answer-relevancy");
  expect(verdict.value).toBeCloseTo(0.5, 6);
  say({ questions: [{ question: "Who wrote Faust?", noncommittal: true }] });
  expect(await score("answer-relevancy")).toMatchObject({ value: 0, reason: "The answer is evasive." });
});

test("citations are found in sentences, also behind their full stop", () => {
  expect(citedSentences("One is so [1]. Two is so too. [2][3] Three is plain. Four [1, 2]!")).toEqual([
    { sentence: "One is so [1].", numbers: [1] },
    { sentence: "Two is so too [2][3].", numbers: [2, 3] },
    { sentence: "Four [1, 2]!", numbers: [1, 2] },
  ]);
});

test("a citation of a missing document is wrong without a judge, and an unsupported citation with a judge", async () => {
  const output = "Goethe wrote Faust [1]. Schiller wrote it [2]. Nobody did [7].";
  world.say(() => "");
  expect((await score("citation-check", { output }, {})).value).toBeCloseTo(2 / 3, 12);
  expect(world.asked).toHaveLength(0);
  say({ supported: [true, false] });
  expect((await score("citation-check", { output })).value).toBeCloseTo(1 / 3, 12);
  say({ supported: [true] });
  expect(await score("citation-check", { output })).toMatchObject({ state: "failed" });
  expect(await score("citation-check", { output: "Nothing." })).toMatchObject({ state: "undefined" });
});

test("support by words is a share of words, and is called a proxy", async () => {
  expect(await score("support-overlap", { output: "Goethe wrote the Iliad" }, {})).toMatchObject({ value: 2 / 3 });
  expect(world.scorers.listKinds().items.find(({ kind }) => kind === "support-overlap")?.label).toContain("proxy");
});

test.each<[object, object, unknown]>([
  [{}, { retrieved: ["a", "b", "c"], relevant: ["a", "c"] }, (1 + 0.5) / (1 + 1 / Math.log2(3))],
  [{ measure: "recall", k: 2 }, { retrieved: ["a", "b", "c"], relevant: ["a", "c"] }, 0.5],
  [{ measure: "precision", k: 2 }, { retrieved: ["a", "b", "c"], relevant: ["a", "c"] }, 0.5],
  [{ measure: "hit", k: 1 }, { retrieved: ["b"], relevant: ["a"] }, 0],
  [{ measure: "reciprocal-rank" }, { retrieved: ["b", "a"], relevant: { a: 2 } }, 0.5],
  [{ measure: "average-precision" }, { retrieved: ["a"], relevant: ["a"] }, 1],
  [{}, { retrieved: ["a"], relevant: [] }, null],
  [{}, { relevant: ["a"] }, null],
  [{}, { retrieved: "a", relevant: ["a"] }, null],
])("retrieval with %j of %j", async (params, metadata, value) => {
  const verdict = await score("retrieval", { metadata }, params);
  if (typeof value === "number") expect(verdict.value).toBeCloseTo(value, 12);
  else expect(verdict).toMatchObject({ state: "undefined", value: null });
});

test.each([
  "faithfulness",
  "context-recall",
  "context-precision",
  "noise-sensitivity",
  "citation-check",
  "support-overlap",
])("%s without documents is undefined, and no model is called", async (kind) => {
  world.say(() => "never");
  const params = kind === "support-overlap" ? {} : { model };
  for (const none of [undefined, []])
    expect(await score(kind, { documents: none }, params)).toMatchObject({ state: "undefined", tokens: 0 });
  expect(world.asked).toHaveLength(0);
});
