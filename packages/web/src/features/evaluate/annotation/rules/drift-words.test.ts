import type { DriftFinding } from "@treadle/contract";
import { expect, test } from "vitest";
import { describeLook, wordsOfLack } from "./drift-words.ts";

const finding: DriftFinding = {
  column: { of: "answer" },
  test: "mmd",
  window: 38,
  reference: 250,
  change: null,
  pValue: null,
  adjustedP: null,
  outcome: "too-little",
  lacks: { window: 12, reference: 0 },
};

test("too little data reports how much more is needed, and where", () => {
  expect(describeLook({ outcome: "too-little", findings: [finding], taken: 0 })).toBe(
    "Not enough data. Needs 12 more conversations in the window.",
  );
  expect(wordsOfLack({ lacks: { window: 1, reference: 9 } })).toBe(
    "Needs 1 more conversation in the window and 9 more in the days before",
  );
  expect(wordsOfLack({ lacks: { window: 0, reference: 0 } })).toBe("All values are equal");
});

test("a missing drift is not reported as proof of no drift", () => {
  expect(describeLook({ outcome: "steady", findings: [], taken: 0 })).toContain("does not prove that there is none");
});

test("a drift names the columns that drifted", () => {
  const drifted: DriftFinding = { ...finding, outcome: "drift" };
  expect(describeLook({ outcome: "drift", findings: [drifted], taken: 5 })).toBe(
    "Drift in answers. Selected the 5 most unusual spans.",
  );
});
