import { expect, test } from "vitest";
import { fieldsFor, valuesOf } from "./input-values.ts";

const schema = {
  type: "object",
  properties: {
    question: { type: "string", description: "What is asked" },
    count: { type: "integer" },
    isPolite: { type: "boolean" },
    orders: { type: "array" },
    tone: { enum: ["warm", "dry"] },
  },
  required: ["question"],
};

test("inputs come from the schema, from the text and from placeholders, each once", () => {
  const fields = fieldsFor({ schema, names: ["question", "customer"], placeholders: ["history"] });
  expect(fields.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
    "question: text",
    "count: number",
    "isPolite: boolean",
    "orders: json",
    "tone: any",
    "customer: any",
    "history: json",
  ]);
  expect(fields[0]).toMatchObject({ isRequired: true, help: "What is asked" });
  expect(fields[4]?.choices).toEqual(["warm", "dry"]);
});

test("typed text becomes the value that the schema wants, and stays text where it cannot", () => {
  const fields = fieldsFor({ schema, names: ["free"], placeholders: [] });
  expect(
    valuesOf(fields, { question: "12", count: "3", isPolite: "true", orders: '[{"id":1}]', tone: "", free: "42" }),
  ).toEqual({ question: "12", count: 3, isPolite: true, orders: [{ id: 1 }], free: "42" });
  expect(valuesOf(fields, { count: "three", free: '{"a":1}' })).toEqual({ count: "three", free: { a: 1 } });
});
