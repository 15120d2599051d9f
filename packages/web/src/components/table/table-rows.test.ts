import { expect, test } from "vitest";
import { moved } from "./table-layout.ts";
import { between, nextRow } from "./table-rows.ts";

test("a range of rows holds both ends, whichever was touched first", () => {
  expect(between(["a", "b", "c", "d"], "b", "d")).toEqual(["b", "c", "d"]);
  expect(between(["a", "b", "c", "d"], "d", "b")).toEqual(["b", "c", "d"]);
  expect(between(["a", "b"], "gone", "b")).toEqual(["b"]);
});

test("a column moves as far as the row of columns reaches", () => {
  expect(moved(["a", "b", "c"], "b", -1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b", "c"], "a", 9)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], "x", 1)).toEqual(["a", "b", "c"]);
});

test("only keys of movement move", () => {
  const place = { count: 100, page: 20 };
  expect(
    ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", "a"].map((key) => nextRow(key, 30, place)),
  ).toEqual([31, 29, 50, 10, 0, 99, undefined]);
});
