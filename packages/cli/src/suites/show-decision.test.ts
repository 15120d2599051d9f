import { expect, test } from "vitest";
import { showDecision, writeMarkdown } from "./show-decision.ts";
import { decision, row } from "./testing/decisions.ts";

test("the first word says the outcome, and a row says difference, interval, p and verdict", () => {
  const text = showDecision(decision());
  expect(text.split("\n")[0]).toBe("REGRESSION: exact-match is worse than its base.");
  expect(text).toMatch(/exact-match +0\.742 +0\.661 +−0\.081 \[−0\.130, −0\.030\] +0\.004 +worse +120/);
  expect(text).toContain("head  reply · run_2 · change · 0123456789ab");
});

test("a score without a value is a dash and never 0", () => {
  const text = showDecision(
    decision({ scorers: [row({ meanBase: null, difference: null, interval: null, pValue: null, verdict: null })] }),
  );
  expect(text).toMatch(/exact-match +– +0\.661 +– +– +no base/);
});

test("the items needed, flaky items and excluded items are reported", () => {
  const quarantined = [
    { suite: "replies", itemId: "it_q", reason: "waits for a fix", createdBy: "u", createdAt: "2026-01-02T03:04:05Z" },
  ];
  const flaky = [{ itemId: "it_f", scorer: "exact-match", share: 0.4, answers: 5 }];
  const text = showDecision(
    decision({ outcome: "inconclusive", moreItems: 340, flaky, quarantined, errors: 3, errorShare: 0.025 }),
  );
  expect(text).toContain("About 340 more items would decide the open scores.");
  expect(text).toContain("it_f (2 of 5 answers disagree)");
  expect(text).toContain("it_q (waits for a fix)");
  expect(text).toContain("3 provider errors in 120 answers (2.5 %).");
});

test("the comment of a pull request can be found again, and its table stays intact", () => {
  const text = writeMarkdown(decision({ scorers: [row({ name: "a|b\nc" })] }), "replies --> x");
  expect(text.split("\n")[0]).toBe("<!-- treadle-gate: replies - -> x -->");
  expect(text).toContain("### ❌ REGRESSION: replies --> x");
  expect(text).toContain("| a\\|b c | 0.742 |");
});
