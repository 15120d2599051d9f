import { expect, test } from "vitest";
import { estimatesOf, judgeVerdict } from "./judge-words.ts";
import type { Slo, SloJudge } from "./use-slos.ts";

const share = (good: number, lower: number, upper: number) => ({
  good,
  lower,
  upper,
  budgetLeft: 0.5,
  budgetLower: 0.4,
  budgetUpper: 0.6,
});
const judge = (more: Partial<SloJudge> = {}): SloJudge => ({
  judged: 400,
  judgedBad: 40,
  effective: 350.4,
  missingDays: 0,
  weighted: share(0.9, 0.87, 0.92),
  corrected: share(0.96, 0.92, 1),
  reason: "",
  sensitivity: { value: 0.95, lower: 0.9, upper: 0.98 },
  specificity: { value: 0.7, lower: 0.6, upper: 0.8 },
  basis: null,
  warnings: [],
  ...more,
});
const counts = { n: 400, requests: 10_000, ...share(0.9, 0.87, 0.92) };

test("each row says what it estimates, and a missing number why it is missing", () => {
  const rows = estimatesOf(counts, judge({ missingDays: 2 }));
  expect(rows.map(({ label, share: one }) => [label, one?.good])).toEqual([
    ["Judged", 0.9],
    ["All, weighted", 0.9],
    ["All, corrected", 0.96],
  ]);
  expect(rows[0]?.note).toBe("400 of 10,000 requests, each with the same weight.");
  expect(rows[1]?.note).toContain("as exact as 350 equally weighted requests of 400. 2 days without");
  expect(rows[2]?.note).toContain("passes 95% of the answers that people pass");
  const [, , unknown] = estimatesOf(counts, judge({ corrected: null, reason: "The judge is no better than chance." }));
  expect(unknown).toMatchObject({ share: null, note: "The judge is no better than chance." });
});

test("the correction is put into words only where it changes the result for certain", () => {
  const slo = (good: number, corrected: SloJudge["corrected"]) => ({
    objective: 0.9,
    status: { good } as Slo["status"],
    judge: judge({ corrected }),
  });
  expect(judgeVerdict(slo(0.85, share(0.95, 0.91, 0.99)))).toContain("the objective is met");
  expect(judgeVerdict(slo(0.85, share(0.95, 0.89, 0.99)))).toBe("");
  expect(judgeVerdict(slo(0.95, share(0.85, 0.8, 0.89)))).toContain("the objective is missed");
  expect(judgeVerdict(slo(0.95, share(0.92, 0.91, 0.93)))).toBe("");
  expect(judgeVerdict(slo(0.85, null))).toBe("");
});
