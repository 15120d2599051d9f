import { expect, test } from "vitest";
import { formatValue, placeOf } from "./score-value.ts";

const number = { type: "number", min: 0, max: 1, unit: "" } as const;
const boolean = { type: "boolean", min: 0, max: 1, unit: "" } as const;

test("a score is shown in its unit, and a missing score is a dash and not zero", () => {
  expect(formatValue(null, number)).toBe("–");
  expect(formatValue(0, number)).toBe("0.000");
  expect(formatValue(0.5, number, true)).toBe("0.5");
  expect(formatValue(34.567, { ...number, max: 100 })).toBe("34.57");
  expect(formatValue(0.875, boolean)).toBe("87.5%");
  expect(formatValue(1, boolean, true)).toBe("yes");
  expect(formatValue(1_240, { ...number, unit: "ms" })).toBe("1.24 s");
});

test("a value has a position only between a known minimum and maximum", () => {
  expect(placeOf(0.25, number)).toBe(0.25);
  expect(placeOf(2, number)).toBe(1);
  expect(placeOf(2, { ...number, max: null })).toBeUndefined();
  expect(placeOf(null, number)).toBeUndefined();
});
