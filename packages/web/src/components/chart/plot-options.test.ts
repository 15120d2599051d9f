import { expect, test } from "vitest";
import { timeRangeOf } from "./plot-options.ts";

test("the axis of time ends with the last bucket, and a single value has a bucket on each side", () => {
  expect(timeRangeOf([600, 660, 720], 60)).toEqual([600, 780]);
  expect(timeRangeOf([600], 60)).toEqual([540, 720]);
});
