import { expect, test } from "vitest";
import { BEGUN, readRequired } from "./required-draft.ts";

const WHOLE = {
  ...BEGUN,
  name: "general",
  datasetId: "ds_1",
  scorers: [{ id: "a", kind: "exact-match", label: "Exact match", params: {} }],
};

test("a complete form becomes an API request", () => {
  expect(readRequired({ ...WHOLE, split: "test", margin: 5, maxTokens: 64 })).toEqual({
    problems: {},
    input: {
      name: "general",
      dataset: { datasetId: "ds_1", version: "main", split: "test", filter: "", limit: null, seed: 1 },
      messages: null,
      scorers: [{ kind: "exact-match", params: {} }],
      parameters: { temperature: 0, max_tokens: 64 },
      margin: 0.05,
    },
  });
});

test.each([
  [{ name: "" }, "name"],
  [{ datasetId: "" }, "dataset"],
  [{ scorers: [] }, "scorers"],
  [{ margin: 101 }, "margin"],
  [{ margin: Number.NaN }, "margin"],
  [{ maxTokens: 0 }, "maxTokens"],
  [{ maxTokens: Number.NaN }, "maxTokens"],
])("a form with %j is not sent, and reports the missing field", (wrong, place) => {
  const { input, problems } = readRequired({ ...WHOLE, ...wrong });
  expect(input).toBeUndefined();
  expect(Object.keys(problems)).toEqual([place]);
});

test("message templates are sent", () => {
  const messages = [{ role: "user" as const, content: "{{question}}" }];
  expect(readRequired({ ...WHOLE, messages }).input?.messages).toEqual(messages);
});
