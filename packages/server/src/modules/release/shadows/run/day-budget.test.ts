import { expect, test } from "vitest";
import { DAY_MS } from "../../../../kernel/day.ts";
import { createDayBudget, emptyDay } from "./day-budget.ts";

const NOON = Date.parse("2026-05-31T12:00:00Z");

function openBudget(budgetUsdPerDay: number, requestsPerDay = 100) {
  let time = NOON;
  const clock = { now: () => time };
  const budget = createDayBudget(clock, { budgetUsdPerDay, requestsPerDay }, emptyDay(NOON));
  return {
    ...budget,
    pass(ms: number) {
      time += ms;
    },
  };
}
const answered = (costUsd: number) => ({ costUsd, isAnswered: true });

test("calls that run at the same time never exceed the budget together", () => {
  const budget = openBudget(1);
  budget.reserve(0.3)?.settle(answered(0.3));
  const charges = [budget.reserve(0.3), budget.reserve(0.3), budget.reserve(0.3)];
  expect(charges.map((charge) => charge !== null)).toEqual([true, true, false]);
  for (const charge of charges) charge?.settle(answered(0.3));
  expect(budget.today().costUsd).toBeCloseTo(0.9, 12);
  expect([budget.hasMoney(), budget.reserve(0.3)]).toEqual([true, null]);
});

test("the first call passes whatever the primary has cost, and a day with its budget used does not", () => {
  const budget = openBudget(0.01);
  budget.reserve(5)?.settle(answered(0.02));
  expect([budget.hasMoney(), budget.reserve(0)]).toEqual([false, null]);
});

test("a failed call says nothing about the cost of the next", () => {
  const budget = openBudget(1);
  budget.reserve(0.6)?.settle({ costUsd: 0, isAnswered: false });
  expect([budget.reserve(0.6) !== null, budget.reserve(0.6)]).toEqual([true, null]);
});

test("a model without a cost is not limited", () => {
  const budget = openBudget(0.01);
  budget.reserve(5)?.settle(answered(0));
  for (let call = 0; call < 50; call++) expect(budget.reserve(5)).not.toBeNull();
});

test("the requests and the budget begin again at midnight UTC", () => {
  const budget = openBudget(1, 2);
  budget.countRequest();
  budget.countRequest();
  budget.reserve(1)?.settle(answered(1));
  expect([budget.hasRequest(), budget.hasMoney()]).toEqual([false, false]);
  budget.pass(DAY_MS / 2);
  expect([budget.hasRequest(), budget.hasMoney()]).toEqual([true, true]);
  expect(budget.today()).toEqual({ date: "2026-06-01", requests: 0, costUsd: 0 });
});
