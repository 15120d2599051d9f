import { RoutingRule } from "@treadle/contract";
import { expect, test, vi } from "vitest";
import { matchRule } from "./match-rules.ts";
import type { RequestFacts } from "./request-facts.ts";

const FACTS: RequestFacts = {
  tags: ["beta", "web"],
  user: "ada",
  isStream: false,
  header: (name) => ({ "x-plan": "gold" })[name.toLowerCase()],
  lastUserText: () => "Wo ist meine Bestellung?",
  inputTokens: () => 1_200,
  maxOutputTokens: null,
};
const german = async () => ({ language: "de", confidence: 0.9 });
const ruleOf = (when: object | object[], variant = "one") =>
  RoutingRule.parse({ when: [when].flat(), variants: [variant] });
const isMatch = async (when: object | object[], facts: Partial<RequestFacts> = {}) =>
  (await matchRule([ruleOf(when)], { ...FACTS, ...facts }, german)) !== null;

test.each([
  [{ fact: "tag", value: "beta" }, true],
  [{ fact: "tag", value: "bet" }, false],
  [{ fact: "user", value: "ada" }, true],
  [{ fact: "user", value: "bob" }, false],
  [{ fact: "language", value: "de" }, true],
  [{ fact: "language", value: "en" }, false],
  [{ fact: "length", min: 1_200 }, true],
  [{ fact: "length", min: 1_201 }, false],
  [{ fact: "length", max: 1_200 }, true],
  [{ fact: "length", max: 1_199 }, false],
  [{ fact: "length", min: 1_000, max: 2_000 }, true],
  [{ fact: "header", name: "X-Plan" }, true],
  [{ fact: "header", name: "x-plan", value: "gold" }, true],
  [{ fact: "header", name: "x-plan", value: "silver" }, false],
  [{ fact: "header", name: "x-other" }, false],
])("%j matches: %s", async (when, expected) => {
  expect(await isMatch(when)).toBe(expected);
});

test("all conditions of a rule must be true", async () => {
  const tag = { fact: "tag", value: "beta" };
  expect(await isMatch([tag, { fact: "tag", value: "web" }, { fact: "language", value: "de" }])).toBe(true);
  expect(await isMatch([tag, { fact: "user", value: "bob" }])).toBe(false);
});

test("the first rule that matches wins", async () => {
  const rules = [
    ruleOf({ fact: "user", value: "bob" }, "never"),
    ruleOf({ fact: "tag", value: "web" }, "first"),
    ruleOf({ fact: "tag", value: "beta" }, "second"),
  ];
  expect((await matchRule(rules, FACTS, german))?.variants).toEqual(["first"]);
  expect(await matchRule([], FACTS, german)).toBeNull();
});

test("the language is detected once, and only if the rest of a rule matches", async () => {
  const detect = vi.fn(german);
  const language = { fact: "language", value: "fr" };
  await matchRule([ruleOf([language, { fact: "user", value: "bob" }])], FACTS, detect);
  expect(detect).not.toHaveBeenCalled();
  await matchRule([ruleOf(language), ruleOf({ ...language, value: "en" })], FACTS, detect);
  expect(detect).toHaveBeenCalledTimes(1);
});

test("an uncertain language, and a request without text, match no language", async () => {
  const rules = [ruleOf({ fact: "language", value: "de" })];
  expect(await matchRule(rules, FACTS, async () => ({ language: "de", confidence: 0.4 }))).toBeNull();
  expect(await isMatch({ fact: "language", value: "de" }, { lastUserText: () => "" })).toBe(false);
});
