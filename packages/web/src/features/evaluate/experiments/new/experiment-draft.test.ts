import { expect, test } from "vitest";
import { BEGUN, type Draft, newVariant, nextName, readDraft } from "./experiment-draft.ts";

const whole: Draft = {
  ...BEGUN,
  name: "Two prompts",
  datasetId: "ds_1",
  variants: [{ ...newVariant("A"), promptName: "support/reply", promptVersion: "3", parameters: '{"temperature":0}' }],
  scorers: [{ id: "1", kind: "exact-match", label: "Exact match", params: {} }],
};

test("a complete form becomes an API request with defaults", () => {
  const { input, problems } = readDraft(whole);
  expect(problems).toEqual({});
  expect(input).toMatchObject({
    name: "Two prompts",
    dataset: { datasetId: "ds_1", version: "main", split: null, limit: null },
    variants: [
      {
        name: "A",
        model: null,
        prompt: { name: "support/reply", version: 3 },
        messages: null,
        parameters: { temperature: 0 },
      },
    ],
    scorers: [{ kind: "exact-match", params: {} }],
    repeats: 1,
    suite: null,
  });
});

test("a prompt label is distinguished from a version number, and none means production", () => {
  const promptOf = (promptVersion: string) =>
    readDraft({ ...whole, variants: [{ ...newVariant("A"), promptName: "p", promptVersion }] }).input?.variants[0]
      ?.prompt;
  expect(promptOf("staging")).toEqual({ name: "p", label: "staging" });
  expect(promptOf("")).toEqual({ name: "p" });
});

test("missing fields are reported by path, and nothing is sent", () => {
  const { input, problems } = readDraft({
    ...BEGUN,
    variants: [newVariant("A"), { ...newVariant("B"), source: "item", parameters: "{" }],
  });
  expect(input).toBeUndefined();
  expect(Object.keys(problems).sort()).toEqual(
    ["dataset", "name", "variants.0.prompt", "variants.1.model", "variants.1.parameters", "variants.0.model"].sort(),
  );
});

test("the next variant has an unused name", () => {
  expect(nextName([{ name: "A" }, { name: "C" }])).toBe("B");
});
