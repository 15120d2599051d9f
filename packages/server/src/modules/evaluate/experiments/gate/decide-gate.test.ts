import { compareRuns, createRandom } from "@treadle/metrics";
import { expect, test } from "vitest";
import { decideGate, type GateFacts, type GateScore } from "./decide-gate.ts";

const rules = {
  alpha: 0.05,
  maxErrorShare: 0.05,
  minItems: 20,
  onInconclusive: "fail" as const,
  floorBy: "mean" as const,
};
const scorer = {
  key: "right",
  name: "right",
  output: { type: "boolean" as const, min: 0, max: 1, direction: "higher" as const, unit: "" },
};
const facts = (change: Partial<GateFacts> = {}): GateFacts => ({
  rules,
  answers: 100,
  errors: 0,
  isComplete: true,
  base: "found",
  scores: [score(same)],
  ...change,
});
/** So many items that pass in both, in the base only, in the head only, and in none. */
type Counts = { both?: number; baseOnly?: number; headOnly?: number; none?: number };
const same: Counts = { both: 180, baseOnly: 2, headOnly: 2, none: 16 };

function score({ both = 0, baseOnly = 0, headOnly = 0, none = 0 }: Counts, change: Partial<GateScore> = {}): GateScore {
  const fill = (count: number, value: number) => Array.from({ length: count }, () => value);
  const base = [...fill(both + baseOnly, 1), ...fill(headOnly + none, 0)];
  const head = [...fill(both, 1), ...fill(baseOnly, 0), ...fill(headOnly, 1), ...fill(none, 0)];
  const comparison = compareRuns({ kind: "binary", base, head, margin: 0.05, alpha: 0.05, bounds: [0, 1] });
  const isUnchanged = base.length > 0 && baseOnly + headOnly === 0;
  return {
    scorer,
    margin: 0.05,
    floor: null,
    mean: comparison.meanHead,
    bounds: null,
    items: head.length,
    failed: 0,
    against: { comparison, adjustedPValue: comparison.pValue, isSameScorer: true, isUnchanged },
    ...change,
  };
}
const lower = { ...scorer, output: { ...scorer.output, direction: "lower" as const } };
const turned = score({ both: 100, headOnly: 60, none: 40 }, { scorer: lower });

test.for<[name: string, GateFacts, outcome: string, exitCode: number, words: string]>([
  ["the same with a little noise", facts(), "pass", 0, "Passed"],
  ["no item changed", facts({ scores: [score({ both: 30, none: 5 })] }), "pass", 0, "Passed"],
  ["much better", facts({ scores: [score({ both: 100, headOnly: 60, none: 40 })] }), "pass", 0, "Passed"],
  [
    "much worse",
    facts({ scores: [score({ both: 100, baseOnly: 60, none: 40 })] }),
    "regression",
    1,
    "Worse than the base",
  ],
  ["more of what should be less", facts({ scores: [turned] }), "regression", 1, "Worse than the base"],
  [
    "worse beyond chance but within the margin",
    facts({ scores: [score({ both: 1990, baseOnly: 10 })] }),
    "pass",
    0,
    "Passed",
  ],
  [
    "worse, but by chance for all we know",
    facts({ scores: [score({ both: 20, baseOnly: 6, headOnly: 2, none: 12 })] }),
    "inconclusive",
    3,
    "Inconclusive",
  ],
  ["too few items", facts({ scores: [score({ both: 10, baseOnly: 5 })] }), "inconclusive", 3, "Inconclusive"],
  ["below the floor", facts({ scores: [score(same, { floor: 0.95 })] }), "below-floor", 2, "Below the floor"],
  [
    "worse and below the floor",
    facts({ scores: [score({ both: 100, baseOnly: 60, none: 40 }, { floor: 0.9 })] }),
    "regression",
    1,
    "Worse",
  ],
  [
    "at the floor, and no base asked for",
    facts({ base: "none", scores: [score(same, { against: null, floor: 0.91 })] }),
    "pass",
    0,
    "Passed",
  ],
  [
    "over a ceiling of what should be low",
    facts({ base: "none", scores: [score(same, { scorer: lower, against: null, floor: 0.1 })] }),
    "below-floor",
    2,
    "Below",
  ],
  [
    "no score where a floor is",
    facts({ base: "none", scores: [score(same, { against: null, floor: 0.5, mean: null })] }),
    "inconclusive",
    3,
    "Inconclusive",
  ],
  [
    "no base found",
    facts({ base: "missing", scores: [score(same, { against: null })] }),
    "inconclusive",
    3,
    "Inconclusive",
  ],
  [
    "no base found, and below the floor",
    facts({ base: "missing", scores: [score(same, { against: null, floor: 0.99 })] }),
    "below-floor",
    2,
    "Below",
  ],
  [
    "another scorer",
    facts({ scores: [score(same, { against: { ...against(score(same)), isSameScorer: false } })] }),
    "inconclusive",
    3,
    "Inconclusive",
  ],
  ["a run that failed on its way", facts({ isComplete: false }), "provider-errors", 4, "Too many provider errors"],
  [
    "all answers are errors",
    facts({ errors: 100, scores: [score({})] }),
    "provider-errors",
    4,
    "Too many provider errors",
  ],
  [
    "errors beside a regression",
    facts({ errors: 6, scores: [score({ both: 100, baseOnly: 60 })] }),
    "provider-errors",
    4,
    "Too many",
  ],
  ["as many errors as are allowed", facts({ errors: 5 }), "pass", 0, "Passed"],
  ["a scorer that failed on many", facts({ scores: [score(same, { failed: 20 })] }), "provider-errors", 4, "right"],
  ["a scorer that failed on few", facts({ scores: [score(same, { failed: 5 })] }), "pass", 0, "Passed"],
  ["no answers at all", facts({ answers: 0, scores: [score({})] }), "inconclusive", 3, "Inconclusive"],
  ["no score that says which way is better", facts({ scores: [] }), "inconclusive", 3, "Inconclusive"],
  [
    "one of two is worse",
    facts({ scores: [score(same), score({ both: 100, baseOnly: 60, none: 40 })] }),
    "regression",
    1,
    "Worse",
  ],
])("%s", ([, given, outcome, exitCode, words]) => {
  const verdict = decideGate(given);
  expect(verdict).toMatchObject({ outcome, exitCode });
  expect(verdict.headline).toContain(words);
  if (outcome !== "pass") expect(verdict.reasons.length).toBeGreaterThan(0);
});

function against({ against: found }: GateScore) {
  if (!found) throw new Error("the score is compared");
  return found;
}

test("what is not decided says how many more items would decide it", () => {
  const few = decideGate(facts({ scores: [score({ both: 10, baseOnly: 5 })] }));
  expect(few.moreItems).toBe(5);
  const noisy = decideGate(facts({ scores: [score({ both: 20, baseOnly: 6, headOnly: 2, none: 12 })] }));
  expect(noisy.moreItems).toBeGreaterThan(100);
  expect(noisy.reasons[0]).toContain("cannot show");
});

test("by interval, a floor that chance could explain is inconclusive, and the number of items needed is reported", () => {
  const byInterval = { ...rules, floorBy: "interval" as const };
  const decideFloor = (floor: number, change: Partial<GateScore> = {}) =>
    decideGate(
      facts({
        base: "none",
        rules: byInterval,
        scores: [score(same, { against: null, floor, mean: 0.6, bounds: [0.46, 0.75], items: 50, ...change })],
      }),
    );
  expect(decideFloor(0.7)).toMatchObject({
    outcome: "inconclusive",
    moreItems: 63,
    scorers: [{ headInterval: { low: 0.46 } }],
  });
  expect(decideFloor(0.5)).toMatchObject({ outcome: "inconclusive", moreItems: 48 });
  expect(decideFloor(0.6)).toMatchObject({ outcome: "inconclusive", moreItems: null });
  expect(decideFloor(0.8).outcome).toBe("below-floor");
  expect(decideFloor(0.4).outcome).toBe("pass");
  expect(decideFloor(0.4, { scorer: lower }).outcome).toBe("below-floor");
  expect(decideFloor(0.4, { bounds: null }).outcome).toBe("inconclusive");
});

test("an adjusted p-value that is too large makes no regression", () => {
  const bad = score({ both: 60, baseOnly: 16, headOnly: 4, none: 20 });
  const decision = against(bad);
  expect(decideGate(facts({ scores: [{ ...bad, against: { ...decision, adjustedPValue: 0.01 } }] })).outcome).toBe(
    "regression",
  );
  expect(decideGate(facts({ scores: [{ ...bad, against: { ...decision, adjustedPValue: 0.2 } }] })).outcome).toBe(
    "inconclusive",
  );
});

test("what is not decided is let through where the rules say so, and still told; a run without answers never is", () => {
  const scores = [score({ both: 10, baseOnly: 5 })];
  const lenient = { ...rules, onInconclusive: "pass" as const };
  const passed = decideGate(facts({ rules: lenient, scores }));
  expect(passed).toMatchObject({ outcome: "pass", exitCode: 0 });
  expect(passed.reasons.join(" ")).toContain("Inconclusive results pass");
  expect(decideGate(facts({ rules: lenient, scores: [score({})], answers: 0 })).exitCode).toBe(3);
});

test("a change that changes nothing is called a regression in no more than one run of twenty, and a bad one is found", () => {
  const random = createRandom(7);
  /** Outcomes of 120 items in both runs, each drawn from the item's pass rate. */
  function draw(loss: number): Counts {
    const counts = { both: 0, baseOnly: 0, headOnly: 0, none: 0 };
    for (let at = 0; at < 120; at++) {
      const rate = 0.4 + 0.6 * random.next();
      const [base, head] = [random.next() < rate, random.next() < rate - loss];
      counts[base ? (head ? "both" : "baseOnly") : head ? "headOnly" : "none"]++;
    }
    return counts;
  }
  const outcomesOf = (loss: number) =>
    Array.from({ length: 200 }, () => decideGate(facts({ scores: [score(draw(loss))] })).outcome);
  const countOf = (outcomes: readonly string[], outcome: string) => outcomes.filter((one) => one === outcome).length;
  expect(countOf(outcomesOf(0), "regression")).toBeLessThanOrEqual(10);
  const bad = outcomesOf(0.3);
  expect(countOf(bad, "regression")).toBeGreaterThan(190);
  expect(countOf(bad, "pass")).toBe(0);
});
