import { expect, test } from "vitest";
import { COST, differenceWords, isTied, pWords } from "./words.ts";

const number = { type: "number", min: 0, max: 1, unit: "" } as const;
const boolean = { ...number, type: "boolean" } as const;

test("a difference of shares is in percentage points, and every difference has its sign", () => {
  expect(differenceWords(0.042, boolean)).toBe("+4.2 pp");
  expect(differenceWords(-0.0315, number)).toBe("−0.032");
  expect(differenceWords(0, boolean)).toBe("±0.0 pp");
  expect(differenceWords(-0.5, COST)).toBe("−$0.5000");
  expect(differenceWords(null, number)).toBe("–");
});

test("a run that ties with another run is not the best", () => {
  const points = [0, 0, null].map((quality, at) => ({ run: { runId: `run_${at}` }, quality }));
  expect(isTied({ best: "run_0", points })).toBe(true);
  expect(isTied({ best: "run_0", points: points.toSpliced(1, 1) })).toBe(false);
  expect(isTied({ best: null, points })).toBe(false);
});

test("a probability is never shown as zero", () => {
  expect(pWords(0)).toBe("< 0.001");
  expect(pWords(0.0499)).toBe("0.050");
  expect(pWords(null)).toBe("–");
});
