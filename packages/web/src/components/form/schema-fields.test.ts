import { expect, test } from "vitest";
import { z } from "zod";
import { fieldsOf, initialOf, problemOf, wordsOf } from "./schema-fields.ts";

const schema = z.toJSONSchema(
  z.object({
    minWords: z.number().int().min(1).max(1_000).default(50).describe("Shorter texts are dropped."),
    ratio: z.number().min(0).max(1),
    batch: z.union([z.literal("auto"), z.number().int().min(1).max(256)]).default("auto"),
    target: z.union([z.literal("all"), z.array(z.string())]).default("all"),
    preset: z.enum(["gopher", "c4"]).default("gopher"),
    languages: z.array(z.enum(["en", "de"])).default(["en"]),
    words: z.array(z.string()).optional(),
    isStrict: z.boolean().default(false),
    name: z.string().nullable().default(null),
    rubric: z.string().max(20_000).optional(),
    extra: z.record(z.string(), z.number()).optional(),
    limits: z.strictObject({
      words: z.strictObject({ min: z.number().optional(), max: z.number().optional() }).optional().describe("Words"),
    }),
    splits: z.array(z.strictObject({ split: z.string(), share: z.number() })),
  }),
  { io: "input" },
);
const fieldNamed = (name: string) => {
  const field = fieldsOf(schema).find((candidate) => candidate.name === name);
  if (!field) throw new Error(`no field ${name}`);
  return field;
};

test("each part of a schema has the control that fits it", () => {
  expect(Object.fromEntries(fieldsOf(schema).map(({ name, kind }) => [name, kind]))).toEqual({
    minWords: "number",
    ratio: "number",
    batch: "number",
    target: "choice",
    preset: "choice",
    languages: "choices",
    words: "words",
    isStrict: "switch",
    name: "text",
    rubric: "lines",
    extra: "json",
    limits: "limits",
    splits: "rows",
  });
  expect(fieldNamed("preset").options).toEqual(["gopher", "c4"]);
  expect(fieldNamed("languages").options).toEqual(["en", "de"]);
  expect(fieldNamed("minWords")).toMatchObject({ least: 1, most: 1_000, isWhole: true, label: "Min words" });
  expect(fieldNamed("minWords").help).toBe("Shorter texts are dropped.");
  expect(fieldNamed("batch")).toMatchObject({ least: 1, most: 256, isWhole: true, initial: "auto" });
  expect(fieldsOf("not a schema")).toEqual([]);
  expect(fieldNamed("limits").parts).toMatchObject([{ name: "words", help: "Words" }]);
  expect(fieldNamed("splits").parts.map(({ name, kind }) => [name, kind])).toEqual([
    ["split", "text"],
    ["share", "number"],
  ]);
});

test("a step begins with the defaults of its schema", () => {
  expect(initialOf(schema)).toEqual({
    minWords: 50,
    batch: "auto",
    target: "all",
    preset: "gopher",
    languages: ["en"],
    isStrict: false,
    name: null,
  });
});

test("a wrong value is explained in a sentence, and a default can be unchanged", () => {
  expect(problemOf(fieldNamed("minWords"), undefined)).toBeUndefined();
  expect(problemOf(fieldNamed("batch"), "auto")).toBeUndefined();
  expect(problemOf(fieldNamed("batch"), 0)).toBe("Enter 1 or more.");
  expect(problemOf(fieldNamed("ratio"), undefined)).toBe("This field is required.");
  expect(problemOf(fieldNamed("ratio"), 1.5)).toBe("Enter 1 or less.");
  expect(problemOf(fieldNamed("minWords"), 2.5)).toBe("Enter a whole number.");
  expect(problemOf(fieldNamed("minWords"), 0)).toBe("Enter 1 or more.");
  expect(problemOf(fieldNamed("extra"), new SyntaxError("Unexpected end"))).toContain("Invalid JSON");
});

test("a name in code is written as words", () => {
  expect(wordsOf("maxDuplicateLineFraction")).toBe("Max duplicate line fraction");
  expect(wordsOf("n_gram")).toBe("N gram");
});
