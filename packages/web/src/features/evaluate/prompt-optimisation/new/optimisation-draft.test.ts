import { expect, test } from "vitest";
import { BEGUN, type Draft, readDraft } from "./optimisation-draft.ts";

const whole: Draft = {
  ...BEGUN,
  promptName: "support/reply",
  promptVersion: "3",
  datasetId: "ds_1",
  scorers: [{ id: "1", kind: "exact-match", label: "Exact match", params: {} }],
};

test("a complete form becomes an API request, named after its prompt", () => {
  const { input, problems } = readDraft({ ...whole, reflectionModel: "strong", usd: 2 });
  expect(problems).toEqual({});
  expect(input).toMatchObject({
    name: "Optimise support/reply",
    prompt: { name: "support/reply", version: 3 },
    model: null,
    reflectionModel: "strong",
    dataset: { datasetId: "ds_1", version: "main" },
    method: "gepa",
    parts: { feedback: 100, selection: 60, test: 200 },
    budget: { answers: 300, usd: 2 },
  });
});

test("only the rewriting method needs a rewriting model", () => {
  const { input } = readDraft({ ...whole, method: "mutations", reflectionModel: "strong" });
  expect(input?.reflectionModel).toBeNull();
});

test("each missing or invalid field is reported by path", () => {
  expect(Object.keys(readDraft(BEGUN).problems)).toEqual(expect.arrayContaining(["dataset", "prompt", "scorers"]));
  const { input, problems } = readDraft({ ...whole, test: 1, answers: 0 });
  expect(input).toBeUndefined();
  expect(Object.keys(problems)).toEqual(["parts.test", "budget.answers"]);
});
