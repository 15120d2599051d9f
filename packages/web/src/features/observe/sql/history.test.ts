import { expect, test } from "vitest";
import { placeIn, withStatement } from "./history.ts";

test("a statement that is run again moves to the top", () => {
  const history = [
    { sql: "select 1", at: "a" },
    { sql: "select 2", at: "b" },
  ];
  expect(withStatement(history, { sql: "select 2", at: "c" }).map(({ sql, at }) => sql + at)).toEqual([
    "select 2c",
    "select 1a",
  ]);
});

test("a position is shown as in an editor", () => {
  expect(placeIn("select\n  x,\nfrom", 10)).toEqual({ line: 2, column: 3 });
  expect(placeIn("select", 1)).toEqual({ line: 1, column: 1 });
});
