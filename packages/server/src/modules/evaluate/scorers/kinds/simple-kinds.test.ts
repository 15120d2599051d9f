import { ScorerSample } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openKind } from "../open-kind.ts";
import { openTools } from "../scoring/scorer-tools.ts";
import { openMeans } from "../testing/open-scorers.ts";

let world: ReturnType<typeof openMeans>;
beforeAll(() => {
  world = openMeans();
});
afterAll(() => world.close());

const scope = { projectId: "p", actor: "a", userId: null, permissions: new Set(["gateway:use"] as const) };
const score = (kind: string, params: object, sample: object) => {
  const { tools } = openTools(world.means, scope, new AbortController().signal);
  return openKind(kind, { ...params }).score(ScorerSample.parse({ output: "", ...sample }), tools);
};
const number = (value: number) => ({ state: "scored", value });
const none = (words: string) => ({ state: "undefined", value: null, reason: expect.stringContaining(words) });

test.each<[string, object, object, object]>([
  ["exact-match", {}, { output: " Paris ", expected: "Paris" }, number(1)],
  ["exact-match", { isTrimmed: false }, { output: " Paris ", expected: "Paris" }, number(0)],
  ["exact-match", {}, { output: "4", expected: 4 }, number(1)],
  ["exact-match", {}, { output: "b", expected: ["a", "b"] }, number(1)],
  ["exact-match", {}, { output: "b", expected: { role: "assistant", content: "b" } }, number(1)],
  ["exact-match", {}, { output: "", expected: "" }, number(1)],
  ["exact-match", {}, { output: "a" }, none("no expected answer")],
  ["exact-match", {}, { output: "a", expected: [] }, none("empty")],
  ["exact-match", {}, { output: "a", expected: { colour: "red" } }, none("an object")],
  ["contains", { phrases: ["YES", "no"] }, { output: "Yes." }, number(1)],
  ["contains", { phrases: ["YES", "no"], mode: "all" }, { output: "Yes." }, number(0)],
  ["contains", { phrases: ["sorry"], mode: "none" }, { output: "Yes." }, number(1)],
  ["contains", { phrases: ["YES"], isCaseSensitive: true }, { output: "Yes." }, number(0)],
  ["contains", {}, { output: "It is Paris.", expected: "paris" }, number(1)],
  ["contains", {}, { output: "It is Paris." }, none("Set phrases")],
  ["contains", {}, { output: "x", expected: "" }, none("empty expected text")],
  ["regex", { pattern: "\\d{4}" }, { output: "in 1999" }, number(1)],
  ["regex", { pattern: "\\d{4}", isWhole: true }, { output: "in 1999" }, number(0)],
  ["regex", { pattern: "\\d{4}", isNegated: true }, { output: "" }, number(1)],
  ["edit-similarity", {}, { output: "abc", expected: ["xyz", "abd"] }, number(1 - 1 / 3)],
  ["edit-similarity", {}, { output: "", expected: "" }, number(1)],
  ["edit-similarity", {}, { output: "a".repeat(6_000), expected: "a" }, none("5000")],
  ["json-schema", {}, { output: '{"a":1}' }, number(1)],
  ["json-schema", {}, { output: 'Sure:\n```json\n{"a":1}\n```\nDone.' }, number(1)],
  ["json-schema", { isFenced: false }, { output: 'Sure: {"a":1}' }, number(0)],
  ["json-schema", {}, { output: "" }, number(0)],
  ["json-schema", { schema: { type: "object", required: ["b"] } }, { output: '{"a":1}' }, number(0)],
  ["json-schema", { schema: { type: "string", pattern: "^(a+)+$" } }, { output: `"${"a".repeat(60)}b"` }, number(0)],
  ["length", {}, { output: "Don't stop, 4 now." }, number(4)],
  ["length", { unit: "characters" }, { output: "a😀" }, number(2)],
  ["length", { unit: "sentences" }, { output: "One. Two!" }, number(2)],
  ["length", { unit: "lines" }, { output: "One\nTwo" }, number(2)],
  ["length", {}, { output: "" }, number(0)],
  ["latency", {}, { latencyMs: 12.5 }, number(12.5)],
  ["latency", {}, {}, none("latencyMs")],
  ["cost", {}, { costUsd: 0 }, number(0)],
  ["cost", {}, { costUsd: null }, none("costUsd")],
  ["output-tokens", {}, { outputTokens: 7 }, number(7)],
])("%s with %j of %j", async (...given) => {
  const [kind, params, sample, verdict] = given;
  expect(await score(kind, params, sample)).toMatchObject(verdict);
});

test("two patterns of one schema are not taken for one", async () => {
  const properties = { a: { type: "string", pattern: "^x" }, b: { type: "string", pattern: "^y" } };
  const valid = (output: object) =>
    score("json-schema", { schema: { properties } }, { output: JSON.stringify(output) });
  expect(await valid({ a: "x", b: "y" })).toMatchObject(number(1));
  expect(await valid({ a: "x", b: "x" })).toMatchObject(number(0));
});

test.each([
  ["a schema that is none", { type: "nothing" }, "cannot be used"],
  ["a schema that leads elsewhere", { $ref: "https://example.com/a" }, "points outside the schema"],
  ["a pattern that could be slow", { type: "string", pattern: "(?=a)b" }, "look-around"],
])("%s is refused when it is stored", (_what, schema, words) => {
  expect(() => openKind("json-schema", { schema })).toThrow(words);
});
