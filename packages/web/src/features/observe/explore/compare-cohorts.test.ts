import { expect, test } from "vitest";
import { differenceOf, verdictOf } from "./compare-cohorts.ts";

test("the interval of a difference is Newcombe's", () => {
  // Newcombe (1998), table II, method 10: 56/70 and 48/80 give 0.2 with 0.0524 to 0.3339.
  const interval = differenceOf({ count: 48, of: 80 }, { count: 56, of: 70 });
  expect(interval?.low).toBeCloseTo(0.0524, 4);
  expect(interval?.high).toBeCloseTo(0.3339, 4);
});

test("a verdict is only given where the interval leaves no doubt", () => {
  expect(verdictOf({ count: 100, of: 1_000 }, { count: 20, of: 1_000 })).toBe("better");
  expect(verdictOf({ count: 20, of: 1_000 }, { count: 100, of: 1_000 })).toBe("worse");
  expect(verdictOf({ count: 20, of: 1_000 }, { count: 22, of: 1_000 })).toBe("no difference found");
  expect(verdictOf({ count: 0, of: 12 }, { count: 12, of: 12 })).toBe("not enough data");
  expect(differenceOf({ count: 0, of: 0 }, { count: 1, of: 2 })).toBeNull();
});
