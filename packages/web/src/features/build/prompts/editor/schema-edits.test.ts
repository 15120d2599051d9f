import { expect, test } from "vitest";
import { newRow, rowsOf, withRows } from "./schema-edits.ts";

const schema = {
  type: "object",
  title: "Inputs",
  properties: { question: { type: "string", description: "What is asked", maxLength: 90 }, tone: { enum: ["warm"] } },
  required: ["question"],
  additionalProperties: false,
};

test("what a form has no field for stays in the schema", () => {
  const rows = rowsOf(schema) ?? [];
  expect(withRows(schema, rows)).toEqual(schema);
  const [question, tone] = rows;
  if (!question || !tone) throw new Error("there are two rows");
  expect(withRows(schema, [{ ...question, name: "asked", isRequired: false }, tone, newRow("history", true)])).toEqual({
    type: "object",
    title: "Inputs",
    properties: {
      asked: { type: "string", description: "What is asked", maxLength: 90 },
      tone: { enum: ["warm"] },
      history: { type: "array" },
    },
    required: ["history"],
    additionalProperties: false,
  });
});

test("a schema that is more than a list of inputs has no rows", () => {
  expect(rowsOf({ anyOf: [schema, schema] })).toBeUndefined();
  expect(rowsOf({ type: "array" })).toBeUndefined();
  expect(rowsOf({ type: "object", properties: { open: true } })).toBeUndefined();
});

test("a type that is a list of types is retained", () => {
  const open = { type: "object", properties: { x: { type: ["string", "null"] } } };
  expect(withRows(open, rowsOf(open) ?? [])).toEqual(open);
});
