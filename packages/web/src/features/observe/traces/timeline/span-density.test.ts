import { expect, test } from "vitest";
import { modelOf } from "../model/trace-model.ts";
import { columnsOf } from "../testing/columns.ts";
import { densityOf } from "./span-density.ts";

test("each slice counts the steps that ran in it, and a failure is marked where its cause began", () => {
  const failed = { status: "error" } as const;
  const model = modelOf(
    columnsOf([
      ["root", "", 0, 100, failed],
      ["one", "root", 0, 49],
      ["two", "root", 25, 24],
      ["bad", "root", 80, 10, failed],
    ]),
  );
  const { running, failed: marks, most } = densityOf(model, 4);
  expect([...running]).toEqual([1, 2, 0, 1]);
  expect(marks).toEqual([3]);
  expect(most).toBe(2);
});
