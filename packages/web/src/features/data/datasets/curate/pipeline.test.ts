import type { CurationStep } from "@treadle/contract";
import { expect, test } from "vitest";
import { choicesOf, moveStep, pipelineOf, removedSide, thresholdPath, withNumber, withStep } from "./pipeline.ts";

const step: CurationStep = {
  stepId: "length-limits",
  label: "Length",
  description: "",
  group: "quality",
  params: {
    type: "object",
    properties: {
      min: { type: "integer", default: 10 },
      max: { type: "integer", default: 900 },
      also: { type: "number", default: 900 },
    },
  },
  presets: [],
  isSetWise: false,
};

test("a step is added with its defaults, and the same step can be added twice", () => {
  const pipeline = withStep(withStep([], step), step);
  expect(pipeline.map(({ key }) => key)).toEqual(["length-limits-1", "length-limits-2"]);
  expect(choicesOf(pipeline)[0]).toEqual({ stepId: "length-limits", params: { min: 10, max: 900, also: 900 } });
});

test("steps can be moved, and a recipe becomes a pipeline", () => {
  const pipeline = pipelineOf([
    { stepId: "a", params: {} },
    { stepId: "b", params: { x: 1 } },
    { stepId: "a", params: { y: 2 } },
  ]);
  expect(moveStep(pipeline, "a-2", -1).map(({ key }) => key)).toEqual(["a-1", "a-2", "b-1"]);
  expect(moveStep(pipeline, "a-1", -1)).toEqual(pipeline);
});

const quality = {
  type: "object",
  properties: {
    limits: {
      type: "object",
      properties: {
        words: { type: "object", properties: { min: { type: "number" }, max: { type: "number" } } },
        symbols: { type: "object", properties: { min: { type: "number" }, max: { type: "number" } } },
      },
    },
  },
};

test("a threshold belongs to the only parameter with its value, or to the limit of its measure", () => {
  expect(thresholdPath(step.params, {}, { rule: "words", threshold: 10 })).toEqual(["min"]);
  expect(thresholdPath(step.params, { min: 25 }, { rule: "words", threshold: 25 })).toEqual(["min"]);
  expect(thresholdPath(step.params, {}, { rule: "words", threshold: 900 })).toBeUndefined();
  expect(thresholdPath(step.params, {}, { rule: "words", threshold: null })).toBeUndefined();
  const params = { limits: { words: { min: 3, max: 90 }, symbols: { max: 0.1 } } };
  expect(thresholdPath(quality, params, { rule: "words", threshold: 90 })).toEqual(["limits", "words", "max"]);
  expect(thresholdPath(quality, params, { rule: "symbols", threshold: 3 })).toBeUndefined();
});

test("dragging a mark changes only its number", () => {
  const params = { limits: { words: { min: 30, max: 90 }, symbols: { max: 0.1 } }, action: "drop" };
  expect(withNumber(params, ["limits", "words", "min"], 41.7)).toEqual({
    limits: { words: { min: 42, max: 90 }, symbols: { max: 0.1 } },
    action: "drop",
  });
  expect(withNumber(params, ["limits", "symbols", "max"], 0.25)).toMatchObject({ limits: { symbols: { max: 0.25 } } });
});

test("samples show which side of a threshold is removed", () => {
  const item = {
    itemId: "it_1",
    inputs: {},
    expected: null,
    metadata: {},
    source: { kind: "manual" as const },
    split: null,
  };
  const sample = (rule: string, value: number) => ({
    item,
    edited: null,
    rule,
    reason: "",
    value,
    threshold: 5,
    related: null,
  });
  expect(removedSide([sample("short", 3)], "short", undefined)).toBe("below");
  expect(removedSide([sample("short", 9)], "short", ["limits", "short", "max"])).toBe("above");
  expect(removedSide([sample("short", 9)], "long", undefined)).toBeUndefined();
});
