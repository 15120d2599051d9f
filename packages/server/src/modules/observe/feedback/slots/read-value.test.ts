import type { ScoreCategory, ScoreType } from "@treadle/contract";
import { expect, test } from "vitest";
import type { ScoreConfigRow } from "../stores/score-config-store.ts";
import { nameOf, readValue } from "./read-value.ts";

const at = new Date(0);
const config = (name: string, type: ScoreType, more: Partial<ScoreConfigRow> = {}): ScoreConfigRow => ({
  id: name,
  projectId: "p",
  name,
  type,
  description: "",
  min: null,
  max: null,
  categories: [] as ScoreCategory[],
  isHigherBetter: true,
  isArchived: false,
  createdBy: "u",
  createdAt: at,
  updatedAt: at,
  ...more,
});
const configs = [
  config("helpful", "boolean"),
  config("stars", "number", { min: 1, max: 5 }),
  config("tone", "category", {
    categories: [
      { label: "kind", value: 1 },
      { label: "rude", value: null },
    ],
  }),
  config("why", "text"),
  config("old", "number", { isArchived: true }),
];
const rules = (isStrict: boolean) => ({
  isStrict,
  defaultConsent: false,
  byName: new Map(configs.map((each) => [each.name, each])),
});
const feedbackWith = (name: string | undefined, value: number | boolean | string | undefined, more: object = {}) => ({
  comment: "",
  ...(name !== undefined && { name }),
  ...(value !== undefined && { value }),
  ...more,
});

test.each([
  ["helpful", true, { kind: "boolean", value: 1, label: "" }],
  ["stars", 4.5, { kind: "number", value: 4.5, label: "" }],
  ["tone", "kind", { kind: "category", value: 1, label: "kind" }],
  ["tone", "rude", { kind: "category", value: null, label: "rude" }],
  ["why", "because", { kind: "text", value: null, label: "because" }],
  ["free", false, { kind: "boolean", value: 0, label: "" }],
  ["free", -2, { kind: "number", value: -2, label: "" }],
  ["free", "word", { kind: "category", value: null, label: "word" }],
  ["free", "w".repeat(201), { kind: "text", value: null, label: "w".repeat(201) }],
])("%s: %j is held as %j", (name, value, held) => {
  expect(readValue(feedbackWith(name, value), rules(false))).toEqual(held);
});

test.each([
  ["helpful", 1, "must be true or false"],
  ["stars", 6, "must be from 1 to 5"],
  ["stars", 0, "must be from 1 to 5"],
  ["stars", "NaN", "must be a number"],
  ["stars", true, "must be a number"],
  ["tone", "Kind", "must be one of kind, rude"],
  ["tone", 1, "must be one of kind, rude"],
  ["why", 1, "must be text"],
  ["old", 1, "an archived score"],
])("%s: %j is refused, because it %s", (name, value, why) => {
  expect(() => readValue(feedbackWith(name, value), rules(false))).toThrow(why);
});

test("a strict project takes a value under no name but its own, and says which those are", () => {
  expect(() => readValue(feedbackWith("free", 1), rules(true))).toThrow(
    "only accepts names that have one: helpful, stars, tone, why.",
  );
  expect(readValue(feedbackWith(undefined, undefined, { comment: "hm" }), rules(true))).toMatchObject({ kind: "" });
});

test("what has no name is called what it is, and a value needs one", () => {
  expect(nameOf(feedbackWith(undefined, undefined, { signal: "copied", correction: "x" }))).toBe("copied");
  expect(nameOf(feedbackWith(undefined, undefined, { correction: "x", comment: "y" }))).toBe("correction");
  expect(nameOf(feedbackWith(undefined, undefined, { comment: "y" }))).toBe("comment");
  expect(nameOf(feedbackWith(undefined, undefined))).toBe("expected_output");
  expect(() => nameOf(feedbackWith(undefined, 1))).toThrow("`name` is missing");
  expect(readValue(feedbackWith(undefined, undefined, { signal: "copied" }), rules(false))).toMatchObject({
    kind: "boolean",
    value: 1,
  });
});
