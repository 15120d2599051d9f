import { expect, test } from "vitest";
import { missingWords } from "./estimate-words.ts";

const NAMES = { name: "a name", variants: "the variants" };

test("a complete form lacks nothing", () => {
  expect(missingWords(true, {}, NAMES)).toBeUndefined();
});

test("each part with problems is named once, and a part without a name by its key", () => {
  const problems = {
    name: "Enter a name.",
    "variants.0.model": "Choose a model.",
    "variants.1.name": "Taken.",
    budget: "",
  };
  expect(missingWords(false, problems, NAMES)).toBe(
    "The estimate appears when the form is complete. Missing: a name, the variants, budget.",
  );
});
