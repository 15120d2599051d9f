import { expect, test } from "vitest";
import { newItemsDraft, readItems } from "./items-draft.ts";

test("items of one's own are read line by line, and a plain object is a content", () => {
  const read = readItems({
    ...newItemsDraft("custom"),
    lines:
      '{"question": "Hi", "scores": {"a": 1}}\n\n{"key": "two", "content": {"fields": [{"key": "output", "value": "x"}]}}',
  });
  expect(read).toMatchObject({
    body: {
      items: [
        {
          content: {
            fields: [
              { key: "question", kind: "text" },
              { key: "scores", kind: "json" },
            ],
          },
        },
        { key: "two", content: { fields: [{ key: "output", value: "x", kind: "text" }] } },
      ],
    },
  });
});

test("a wrong line is named, and nothing is sent", () => {
  expect(readItems({ ...newItemsDraft("custom"), lines: "{}\nnonsense" })).toEqual({ problem: "Line 2 is not JSON." });
  expect(readItems({ ...newItemsDraft("custom"), lines: '{"content": {}}' })).toMatchObject({
    problem: expect.stringContaining("Line 1, key"),
  });
});

test("what is not chosen, and a filter that cannot be read, are told", () => {
  expect(readItems(newItemsDraft("dataset"))).toEqual({ problem: "Choose a dataset." });
  expect(readItems({ ...newItemsDraft("comparison"), runIds: ["r1", "r1"] })).toEqual({
    problem: "Choose two different runs.",
  });
  expect(readItems({ ...newItemsDraft("spans"), filter: "kind:(" })).toHaveProperty("problem");
  expect(readItems({ ...newItemsDraft("spans"), size: 0 })).toEqual({
    problem: "How many: a whole number from 1 to 20,000.",
  });
});
