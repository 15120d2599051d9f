import { expect, test } from "vitest";
import { errorsOf, type GenerateFields, toInput } from "./generate-input.ts";

const fields: GenerateFields = {
  recipe: "questions",
  model: " support ",
  judge: "",
  threshold: 7,
  instructions: "",
  count: 50,
  tokens: 1_000,
  usd: null,
  nearDuplicates: true,
  isStructured: false,
};

test("the form becomes a request without blanks and without an unnamed judge", () => {
  expect(toInput(fields)).toMatchObject({ model: "support", judge: null, budget: { usd: null, tokens: 1_000 } });
  expect(toInput({ ...fields, judge: " strict " }).judge).toEqual({ model: "strict", threshold: 7 });
  expect(errorsOf(fields)).toEqual({});
});

test.each<[Partial<GenerateFields>, object]>([
  [{ model: "  " }, { model: "The model must not be empty." }],
  [{ count: 0 }, { count: "Items must be at least 1." }],
  [{ count: 10_001 }, { count: "Items must be at most 10000." }],
  [{ tokens: 0.5 }, { tokens: "The token budget must be a whole number." }],
  [{ usd: -1 }, { usd: "The budget in USD must be more than 0." }],
  [{ judge: "strict", threshold: 11 }, { threshold: "The minimum score must be at most 10." }],
  [{ recipe: "preferences" }, { judge: "The judge must not be empty, because it decides which answer is better." }],
  [{ recipe: "preferences", judge: "strict" }, {}],
])("%j: %j", (changes, errors) => {
  expect(errorsOf({ ...fields, ...changes })).toEqual(errors);
});
