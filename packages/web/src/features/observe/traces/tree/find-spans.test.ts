import { expect, test } from "vitest";
import { modelOf } from "../model/trace-model.ts";
import { columnsOf } from "../testing/columns.ts";
import { findSpans, mergePlaces, nextPlace } from "./find-spans.ts";

const model = modelOf(
  columnsOf([
    ["a1", "", 0, 9, { name: "Agent run" }],
    ["b2", "a1", 1, 1, { name: "chat", kind: "generation", model: "gpt-4o-mini" }],
    ["c3", "a1", 2, 1, { name: "GET /search", service: "web" }],
  ]),
);

test.each([
  ["AGENT", [0]],
  ["gpt generation", [1]],
  ["web", [2]],
  ["c3", [2]],
  ["nothing like it", []],
  ["  ", []],
])("%j finds the spans that it says something about", (text, places) => {
  expect([...findSpans(model, text)]).toEqual(places);
});

test("next and previous go around the ends, and start from wherever the reader is", () => {
  const places = [3, 7, 20];
  expect([0, 3, 8, 20].map((from) => nextPlace(places, from, 1))).toEqual([3, 7, 20, 3]);
  expect([0, 3, 8, 20].map((from) => nextPlace(places, from, -1))).toEqual([20, 20, 7, 7]);
  expect(nextPlace([], 3, 1)).toBe(-1);
});

test("what the server found is put between what was found here", () => {
  expect([...mergePlaces(Int32Array.of(2, 9), [9, 4])]).toEqual([2, 4, 9]);
});
