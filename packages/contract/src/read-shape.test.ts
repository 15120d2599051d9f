import { expect, test } from "vitest";
import { z } from "zod";
import { readShape } from "./read-shape.ts";

const Shape = z.strictObject({
  name: z.string().max(3),
  tags: z.array(z.string()).min(1),
  more: z.unknown().optional(),
});
const ODD = { length: { toString: 0 } };
const issuesOf = (value: unknown) =>
  readShape(Shape, value).error?.issues.map(({ path, message }) => `${path.join(".") || "it"} ${message}`);

test("a value of the shape is given as it is read, whatever a field holds that takes anything", () => {
  const value = { name: "abc", tags: ["a"], more: ODD };
  expect(readShape(Shape, value)).toEqual({ success: true, data: value });
});

test("problems are reported in words that follow the field's name", () => {
  expect(issuesOf({ name: "abcd", tags: [] })).toEqual([
    "name must have at most 3 characters",
    "tags must not be empty",
  ]);
});

test("a length that cannot be compared is of no text and of no list", () => {
  expect(() => Shape.safeParse({ name: ODD, tags: ["a"] })).toThrow(TypeError);
  expect(issuesOf({ name: ODD, tags: ["a"] })).toEqual(["name must be a text, not an object"]);
  expect(issuesOf({ name: "a", tags: ODD })).toEqual(["tags must be a list, not an object"]);
  expect(issuesOf({ name: ODD, tags: [5], other: 1 })).toEqual([
    "name must be a text, not an object",
    "tags.0 must be a text, not a number",
    'it has no field "other"',
  ]);
});

test("where nothing else is wrong, it still cannot be read", () => {
  const either = z.union([z.string().max(3), z.object({ length: z.unknown().optional() })]);
  expect(() => either.safeParse(ODD)).toThrow(TypeError);
  expect(readShape(either, ODD).error?.issues).toMatchObject([{ path: [], message: "cannot be read" }]);
});

test("what a shape's own rule throws is not hidden", () => {
  const throws = z.strictObject({
    name: z.unknown().refine(() => {
      throw new Error("a fault of ours");
    }),
  });
  expect(() => readShape(throws, { name: "a" })).toThrow("a fault of ours");
  expect(() => readShape(throws, { name: ODD })).toThrow("a fault of ours");
});
