import { Recording } from "@treadle/contract";
import { expect, test } from "vitest";
import { callKey, createDecisions, createRecordedTools } from "./recorded-tools.ts";

const recording = (...steps: object[][]) => Recording.parse({ steps: steps.map((calls) => ({ calls })) });
const call = (name: string, given: unknown, id = "") => ({ id, name, arguments: given });

test("a call is the same whatever the order and the spaces of its arguments", () => {
  expect(callKey(call("get", '{"b": [1, {"d":2,"c":1}], "a": null}'))).toBe(
    callKey(call("get", { a: null, b: [1, { c: 1, d: 2 }] })),
  );
  expect(callKey(call("get", ""))).toBe(callKey(call("get", {})));
  expect(callKey(call("get", { a: 1 }))).not.toBe(callKey(call("get", { a: "1" })));
  expect(callKey(call("get", { a: [1, 2] }))).not.toBe(callKey(call("get", { a: [2, 1] })));
  expect(callKey(call("get", "no JSON"))).not.toBe(callKey(call("put", "no JSON")));
});

test("a repeated call gets its results in order, and then there is none", () => {
  const tools = createRecordedTools(
    recording([{ name: "roll", arguments: {}, result: "1" }], [{ name: "roll", arguments: {}, result: "2" }]),
  );
  expect(tools.call([call("roll", "{}")])).toEqual({ kind: "results", results: ["1"] });
  expect(tools.call([call("roll", "{}")])).toEqual({ kind: "results", results: ["2"] });
  expect(tools.call([call("roll", "{}")])).toEqual({ kind: "diverged", call: 3, tool: "roll", isKnown: false });
  expect(tools.answered()).toBe(2);
});

test("one unknown call among several names its number", () => {
  const tools = createRecordedTools(recording([{ name: "a", arguments: {}, result: "1" }]));
  expect(tools.call([call("a", {}), call("b", {})])).toEqual({ kind: "diverged", call: 2, tool: "b", isKnown: false });
});

test("a recording that ends with a call ends the answer, which is no divergence", () => {
  const tools = createRecordedTools(recording([{ name: "a", arguments: {}, result: null }]));
  expect(tools.call([call("a", {})])).toEqual({ kind: "ended" });
});

test("a result that the recording lacks before its end is a divergence", () => {
  const lost = { name: "a", arguments: {}, result: null };
  const isLost = { kind: "diverged", call: 1, tool: "a", isKnown: true };
  const before = createRecordedTools(recording([lost], [{ name: "b", arguments: {}, result: "1" }]));
  expect(before.call([call("a", {})])).toEqual(isLost);
  const partial = createRecordedTools(recording([lost, { name: "b", arguments: {}, result: "1" }]));
  expect(partial.call([call("a", {})])).toEqual(isLost);
});

test("decisions are compared as a set until the first difference", () => {
  const a = { name: "a", arguments: { x: 1 }, result: "1" };
  const b = { name: "b", arguments: {}, result: "2" };
  const decisions = createDecisions(recording([a, b], [a]));
  decisions.compare(0, [call("b", {}), call("a", { x: 1 })]);
  expect(decisions.counts()).toEqual({ decisions: 1, sameDecisions: 1 });
  decisions.compare(1, []);
  expect(decisions.counts()).toEqual({ decisions: 2, sameDecisions: 1 });
  decisions.compare(2, [call("a", {})]);
  expect(decisions.counts()).toEqual({ decisions: 2, sameDecisions: 1 });
});

test("an answer without a tool on both sides is no decision", () => {
  const decisions = createDecisions(recording());
  decisions.compare(0, []);
  expect(decisions.counts()).toEqual({ decisions: 0, sameDecisions: 0 });
});
