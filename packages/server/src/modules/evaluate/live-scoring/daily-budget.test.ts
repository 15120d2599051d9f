import { expect, test } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import { dayOf, overBudget, spentToday } from "./daily-budget.ts";
import type { RuleRow } from "./rule-store.ts";

const noon = Date.parse("2026-11-26T12:00:00Z");
const limited = (usd: number | null, tokens: number | null) => ({ budget: { usd, tokens } });

test("a day is one of UTC, and a new one begins at nothing", () => {
  expect(dayOf(Date.parse("2026-11-26T23:30:00-02:00"))).toBe("2026-11-27");
  const row = { spentDay: "2026-11-26", spentUsd: 3, spentTokens: 500 } as RuleRow;
  expect(spentToday(row, noon)).toEqual({ usd: 3, tokens: 500 });
  expect(spentToday(row, noon + DAY_MS)).toEqual({ usd: 0, tokens: 0 });
});

test("a limit is reached when it is used up; without one nothing is", () => {
  expect(overBudget(limited(null, null), { usd: 1e9, tokens: 1e9 })).toBeNull();
  expect(overBudget(limited(5, null), { usd: 4.99, tokens: 1e9 })).toBeNull();
  expect(overBudget(limited(5, null), { usd: 5, tokens: 0 })).toContain("5 US dollars");
  expect(overBudget(limited(null, 100), { usd: null, tokens: 100 })).toContain("100 tokens");
});

test("an unknown cost does not count as zero", () => {
  expect(overBudget(limited(5, null), { usd: null, tokens: 10 })).toContain("no price");
  expect(overBudget(limited(null, 100), { usd: null, tokens: 10 })).toBeNull();
});
