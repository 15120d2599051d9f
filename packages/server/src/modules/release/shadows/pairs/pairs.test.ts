import { bettingSequence, mcnemarExact } from "@treadle/metrics";
import { expect, test } from "vitest";
import type { PairNumbers } from "../stores/pair-store.ts";
import { compareAnswers, differs } from "./compare-answers.ts";
import { formOf } from "./read-answer.ts";
import { summarisePairs } from "./summarise-pairs.ts";

const said = (text: string, toolCalls: { name: string; arguments: string }[] = []) =>
  ({ status: "ok", text, toolCalls }) as const;
const weather = (city: string, space = "") => ({ name: "weather", arguments: `{${space}"city":${space}"${city}"}` });

test("the same text is an exact match, whatever spaces surround it", () => {
  expect(compareAnswers(said("Yes."), said(" Yes.\n"))).toEqual({ exact: true, json: null, tools: null });
  expect(compareAnswers(said("Yes."), said("No."))).toMatchObject({ exact: false });
});

test("JSON is compared by its value", () => {
  const matches = compareAnswers(said('{"a":1,"b":[2]}'), said('{ "b": [2], "a": 1 }'));
  expect(matches).toEqual({ exact: false, json: true, tools: null });
  expect(differs(matches)).toBe(false);
  expect(compareAnswers(said("1"), said("1")).json).toBeNull();
});

test("tool calls match by name and arguments in any order, and others do not", () => {
  const [both, turned] = [
    said("", [weather("Rome"), weather("Oslo")]),
    said("", [weather("Oslo", " "), weather("Rome")]),
  ];
  expect(compareAnswers(both, turned)).toMatchObject({ exact: true, tools: true });
  const twice = said("", [weather("Rome"), weather("Rome")]);
  expect(compareAnswers(both, twice)).toMatchObject({ exact: false, tools: false });
  expect(differs(compareAnswers(both, said("I do not know.")))).toBe(true);
});

test("a failed side has nothing to compare, and the pair is shown as different", () => {
  const matches = compareAnswers(said("Yes."), { ...said(""), status: "error" });
  expect(matches).toEqual({ exact: null, json: null, tools: null });
  expect(differs(matches)).toBe(true);
});

test("the form is that of the request's schema", () => {
  const schema = { type: "object", required: ["city"], properties: { city: { type: "string" } } };
  const check = formOf({ response_format: { type: "json_schema", json_schema: { name: "place", schema } } });
  expect(['{"city":"Rome"}', '{"town":"Rome"}', "Rome"].map((text) => check?.(text))).toEqual([true, false, false]);
  expect(formOf({ response_format: { type: "json_object" } })?.("{}")).toBe(true);
  expect([formOf({}), formOf({ response_format: { type: "text" } })]).toEqual([null, null]);
});

const SIDE = { traceId: "t", spanId: "s", status: "ok", errorType: "", variant: "old", model: "m" } as const;
const MORE = { finishReason: "stop", isValid: null, inputTokens: 1, configHash: "h", calls: 0 } as const;
const NUMBERS = { ...SIDE, ...MORE, outputTokens: 10, costUsd: 0.01, durationMs: 100 };
const pairOf = (candidate: Partial<PairNumbers["candidate"]>, exact = true): PairNumbers => ({
  matches: { exact, json: null, tools: null },
  primary: NUMBERS,
  candidate: { ...NUMBERS, ...candidate },
});

test("a candidate that takes three times as long is found by the differences", () => {
  const pairs = Array.from({ length: 120 }, (_, place) => pairOf({ durationMs: 300 + (place % 5) }));
  const { differences } = summarisePairs(pairs);
  const [latency, cost] = differences;
  expect(latency).toMatchObject({ key: "latency", pairs: 120, primary: 100, candidate: 302, difference: 202 });
  expect(latency?.interval?.[0]).toBeGreaterThan(200);
  const halves = pairs.map(({ candidate: { durationMs } }) => durationMs / (durationMs + 100));
  expect(latency?.relativeInterval).toEqual(bettingSequence(halves).map((end) => 2 * end - 1));
  expect(latency?.evidence).toBeGreaterThan(1e6);
  expect(cost).toMatchObject({ difference: 0, relative: 0, interval: null, evidence: expect.any(Number) });
  expect(cost?.evidence).toBeLessThan(20);
});

test("only discordant pairs speak for a side", () => {
  const failed = Array.from({ length: 12 }, () => pairOf({ status: "error" }));
  const { outcomes, matches, pairs } = summarisePairs([...failed, ...Array.from({ length: 30 }, () => pairOf({}))]);
  expect(pairs).toBe(42);
  const [answered] = outcomes;
  expect(answered).toMatchObject({ pairs: 42, primary: 1, primaryOnly: 12, candidateOnly: 0 });
  expect(answered?.pValue).toBe(mcnemarExact({ baseOnly: 12, headOnly: 0 }));
  expect(answered?.evidence).toBeCloseTo(2 ** 12 / 13, 9);
  expect(matches[0]).toMatchObject({ key: "exact", pairs: 30, matching: 30, share: 1 });
});

test("without pairs there are no results", () => {
  const { differences, matches, outcomes } = summarisePairs([]);
  expect(differences.map(({ pairs, difference, evidence }) => [pairs, difference, evidence])).toEqual(
    Array.from({ length: 3 }, () => [0, null, 1]),
  );
  expect(matches.every(({ share, interval }) => share === null && interval === null)).toBe(true);
  expect(outcomes.every(({ evidence, pValue }) => evidence === 1 && pValue === 1)).toBe(true);
});
