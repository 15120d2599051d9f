import { expect, test } from "vitest";
import { newItemsDraft, readItems } from "./items-draft.ts";

test("custom items are read line by line, and a plain object is the content", () => {
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

test("an invalid line is named, and nothing is sent", () => {
  expect(readItems({ ...newItemsDraft("custom"), lines: "{}\nnonsense" })).toEqual({ problem: "Line 2 is not JSON." });
  expect(readItems({ ...newItemsDraft("custom"), lines: '{"content": {}}' })).toMatchObject({
    problem: expect.stringContaining("Line 1, key"),
  });
});

test("the findings of a preview are sent with their question, and with a detector if one is chosen", () => {
  const draft = { ...newItemsDraft("guard-findings"), previewId: "gprv_1", question: "right", size: 20 };
  const body = { from: "guard-findings", previewId: "gprv_1", question: "right", size: 20, reason: "" };
  expect(readItems(draft)).toEqual({ body });
  expect(readItems({ ...draft, detector: "secrets" })).toEqual({ body: { ...body, detector: "secrets" } });
});

test("missing choices and invalid filters are reported", () => {
  expect(readItems(newItemsDraft("dataset"))).toEqual({ problem: "Choose a dataset." });
  expect(readItems({ ...newItemsDraft("comparison"), runIds: ["r1", "r1"] })).toEqual({
    problem: "Choose two different runs.",
  });
  expect(readItems(newItemsDraft("guard-findings"))).toEqual({ problem: "Choose a preview." });
  expect(readItems({ ...newItemsDraft("guard-findings"), previewId: "gprv_1" })).toEqual({
    problem: "Choose a yes-or-no question of the queue.",
  });
  expect(readItems({ ...newItemsDraft("spans"), filter: "kind:(" })).toHaveProperty("problem");
  expect(readItems({ ...newItemsDraft("spans"), size: 0 })).toEqual({
    problem: "Enter the number of items, from 1 to 20,000.",
  });
});
