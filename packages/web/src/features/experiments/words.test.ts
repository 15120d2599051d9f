import { expect, test } from "vitest";
import { COST, differenceWords, pWords } from "./words.ts";

const number = { type: "number", min: 0, max: 1, unit: "" } as const;
const boolean = { ...number, type: "boolean" } as const;

test("a difference of shares is in percentage points, and every difference has its sign", () => {
  expect(differenceWords(0.042, boolean)).toBe("+4.2 pp");
  expect(differenceWords(-0.0315, number)).toBe("−0.032");
  expect(differenceWords(0, boolean)).toBe("±0.0 pp");
  expect(differenceWords(-0.5, COST)).toBe("−$0.5000");
  expect(differenceWords(null, number)).toBe("–");
});

test("a probability is never written as zero", () => {
  expect(pWords(0)).toBe("< 0.001");
  expect(pWords(0.0499)).toBe("0.050");
  expect(pWords(null)).toBe("–");
});
