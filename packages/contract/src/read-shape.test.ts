import { expect, test } from "vitest";
import { z } from "zod";
import { readShape } from "./read-shape.ts";

const Shape = z.strictObject({
  name: z.string().max(3),
  tags: z.array(z.string()).min(1),
  more: z.unknown().optional(),
});
const ODD = { length: { toString: 0 } };
const say = (value: unknown) =>
  readShape(Shape, value).error?.issues.map(({ path, message }) => `${path.join(".") || "it"} ${message}`);

test("a value of the shape is given as it is read, whatever a field holds that takes anything", () => {
  const value = { name: "abc", tags: ["a"], more: ODD };
  expect(readShape(Shape, value)).toEqual({ success: true, data: value });
});

test("what is wrong is told in words that follow its name", () => {
  expect(say({ name: "abcd", tags: [] })).toEqual(["name must have at most 3 characters", "tags must not be empty"]);
});

test("a length that cannot be compared is of no text and of no list", () => {
  expect(() => Shape.safeParse({ name: ODD, tags: ["a"] })).toThrow(TypeError);
  expect(say({ name: ODD, tags: ["a"] })).toEqual(["name must be a text, not an object"]);
  expect(say({ name: "a", tags: ODD })).toEqual(["tags must be a list, not an object"]);
  expect(say({ name: ODD, tags: [5], other: 1 })).toEqual([
    "name must be a text, not an object",
    "tags.0 must be a text, not a number",
    'it has no field "other"',
  ]);
});

test("what throws in a way of its own is refused all the same", () => {
  const throws = z.string().refine(() => {
    throw new Error("not for the caller");
  });
  expect(readShape(throws, "a").error?.issues).toMatchObject([{ path: [], message: "cannot be read" }]);
  const round: Record<string, unknown> = { name: ODD };
  round.tags = round;
  expect(say(round)).toEqual(["it cannot be read"]);
});
