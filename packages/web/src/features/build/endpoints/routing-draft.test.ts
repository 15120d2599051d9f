import { endpointsApi, FailureClass, RoutingStrategy } from "@treadle/contract";
import { expect, test } from "vitest";
import {
  blankCondition,
  CLASS_WORDS,
  criteriaWords,
  FACT_WORDS,
  type Fact,
  followRenames,
  groupsOf,
  nextRow,
  type RuleInput,
  ruleWords,
  STRATEGY_WORDS,
  swapRows,
  toggleClass,
  toRows,
} from "./routing-draft.ts";

const ALL = [...FailureClass.options];
const BODY = endpointsApi["POST /api/v1/endpoints"].body;

test("every strategy, class of failures and fact has words", () => {
  expect(Object.keys(STRATEGY_WORDS)).toEqual(RoutingStrategy.options);
  expect(Object.keys(CLASS_WORDS)).toEqual(FailureClass.options);
});

test("the first condition of each kind is valid once its value is typed", () => {
  for (const fact of Object.keys(FACT_WORDS) as Fact[]) {
    const typed = {
      tag: { value: "a" },
      user: { value: "a" },
      language: { value: "de" },
      length: { min: 5 },
      header: { name: "x-plan" },
    };
    const rules = [{ when: [{ ...blankCondition(fact), ...typed[fact] }], variants: ["a"] }];
    expect(BODY.shape.rules.safeParse(rules)).toMatchObject({ success: true });
    expect(BODY.shape.rules.safeParse([{ when: [blankCondition(fact)], variants: ["a"] }])).toMatchObject({
      success: false,
    });
  }
});

test("plain fallbacks become rows for any failure, in their place", () => {
  expect(toRows(["a", { model: "b", on: ["timeout"] }, { model: "c", priority: 2 }])).toEqual([
    { model: "a", on: ALL, priority: 1 },
    { model: "b", on: ["timeout"], priority: 2 },
    { model: "c", on: ALL, priority: 2 },
  ]);
  expect(toRows(Array.from({ length: 20 }, (_, place) => `m${place}`)).at(-1)?.priority).toBe(20);
});

test("a new row comes after all others, and two rows that are swapped leave their priorities in place", () => {
  const rows = toRows([
    { model: "a", priority: 4 },
    { model: "b", on: ["timeout"], priority: 2 },
  ]);
  expect(nextRow(rows)).toEqual({ model: "", on: ALL, priority: 5 });
  expect(nextRow([])).toEqual({ model: "", on: ALL, priority: 1 });
  expect(nextRow(toRows([{ model: "a", priority: 20 }])).priority).toBe(20);
  expect(swapRows(rows, 1, 0)).toEqual([
    { model: "b", on: ["timeout"], priority: 4 },
    { model: "a", on: ALL, priority: 2 },
  ]);
});

test("the classes of a row stay in their order", () => {
  const row = { model: "a", on: [...ALL], priority: 1 };
  const without = toggleClass(toggleClass(row, "rate-limit", false), "error", false);
  expect(without.on).toEqual(["context-length", "content-filter", "timeout", "unavailable"]);
  expect(toggleClass(without, "rate-limit", true).on).toEqual(ALL.slice(0, 5));
});

test("rules follow a variant that is renamed, and keep one that is removed, which is then refused", () => {
  const rules: RuleInput[] = [{ when: [blankCondition("tag")], variants: ["old", "other"] }];
  const [old, other] = ["old", "other"].map((name) => ({ name, model: "m" }));
  if (!old || !other) throw new Error("two variants");
  expect(followRenames(rules, [old, other], [{ ...old, name: "new" }, other])[0]?.variants).toEqual(["new", "other"]);
  expect(followRenames(rules, [old, other], [{ ...old, name: undefined }, other])[0]?.variants).toEqual([
    "old",
    "other",
  ]);
  expect(followRenames(rules, [old, other], [other])).toEqual(rules);
});

test.each([
  [[...ALL], ""],
  [["timeout"], "after timeout"],
  [["context-length", "rate-limit", "timeout"], "after context length, rate limit or timeout"],
] as const)("criteria %j read %j", (on, words) => {
  expect(criteriaWords(on)).toBe(words);
});

test.each([
  [[{ fact: "tag", value: "beta" }], "tag beta: a or b"],
  [
    [
      { fact: "language", value: "de" },
      { fact: "length", min: 1_000, max: null },
    ],
    "language de and at least 1,000 tokens: a or b",
  ],
  [[{ fact: "length", min: null, max: 50 }], "at most 50 tokens: a or b"],
  [[{ fact: "length", min: 5, max: 50 }], "5 to 50 tokens: a or b"],
  [
    [
      { fact: "header", name: "x-plan", value: "gold" },
      { fact: "header", name: "x-b", value: null },
    ],
    "header x-plan = gold and header x-b: a or b",
  ],
] as const)("conditions %j read %j", (when, words) => {
  expect(ruleWords({ when: [...when], variants: ["a", "b"] })).toBe(words);
});

test("fallbacks of one priority are a group", () => {
  const fallbacks = [3, 1, 3].map((priority, place) => ({ model: `m${place}`, on: [...ALL], priority }));
  expect(groupsOf(fallbacks).map((group) => group.map(({ model }) => model))).toEqual([["m1"], ["m0", "m2"]]);
});
