import { expect, test } from "vitest";
import { isSameState, readOrder, settingsOf, writeOrder } from "./view-state.ts";

test("a sort order is stored and restored", () => {
  expect(readOrder(writeOrder({}))).toEqual({});
  expect(readOrder(writeOrder({ order: "durationMs" }))).toEqual({ order: "durationMs" });
  expect(readOrder(writeOrder({ order: "costUsd", direction: "asc" }))).toEqual({ order: "costUsd", direction: "asc" });
  expect(readOrder(writeOrder({ direction: "asc" }))).toEqual({ order: "startTime", direction: "asc" });
});

test("the same settings in another order are the same view", () => {
  const state = { filter: "a", columns: [], order: "", settings: { range: "7d", view: "spans" } };
  expect(isSameState(state, { ...state, settings: { view: "spans", range: "7d" } })).toBe(true);
  expect(isSameState(state, { ...state, columns: ["time"] })).toBe(false);
  expect(settingsOf({ range: "7d", from: undefined, view: "" })).toEqual({ range: "7d" });
});
