import { expect, test } from "vitest";
import { z } from "zod";
import { describeIssue } from "./describe-issue.ts";

const Shape = z.strictObject({
  name: z.string().min(1).max(3),
  age: z.number().int().min(0).optional(),
  tags: z.array(z.string()).min(2).optional(),
  role: z.enum(["owner", "viewer"]).optional(),
  email: z.email().optional(),
  at: z.iso.datetime().optional(),
  slug: z
    .string()
    .regex(/^[a-z]+$/, "use lower-case letters")
    .optional(),
});
const say = (value: unknown) =>
  Shape.safeParse(value, { error: describeIssue }).error?.issues.map(
    ({ path, message }) => `${path.join(".") || "it"} ${message}`,
  );

test("what is missing is called missing, and what is of another kind is told both kinds", () => {
  expect(say({})).toEqual(["name is missing"]);
  expect(say(undefined)).toEqual(["it is missing"]);
  expect(say([])).toEqual(["it must be an object, not a list"]);
  expect(say({ name: 5 })).toEqual(["name must be a text, not a number"]);
  expect(say({ name: null })).toEqual(["name must be a text, not null"]);
  expect(say({ name: "a", age: "old" })).toEqual(["age must be a number, not a text"]);
  expect(say({ name: "a", age: Number.NaN })).toEqual(["age must be a number"]);
  expect(say({ name: "a", age: 1.5 })).toEqual(["age must be a whole number"]);
  const either = z.object({ config: z.union([z.string(), z.object({})]) }).safeParse({}, { error: describeIssue });
  expect(either.error?.issues).toMatchObject([{ path: ["config"], message: "is missing" }]);
});

test("bounds, choices, formats and unknown fields are told with what would do", () => {
  expect(say({ name: "" })).toEqual(["name must not be empty"]);
  expect(say({ name: "abcd" })).toEqual(["name must have at most 3 characters"]);
  expect(say({ name: "a", age: -1 })).toEqual(["age must be at least 0"]);
  expect(say({ name: "a", tags: [] })).toEqual(["tags must have at least 2 entries"]);
  expect(say({ name: "a", role: "god" })).toEqual(["role must be one of owner, viewer"]);
  expect(say({ name: "a", email: "x" })).toEqual(["email must be an e-mail address"]);
  expect(say({ name: "a", at: "now" })).toEqual(["at must be a time, such as 2026-01-31T12:00:00Z"]);
  expect(say({ name: "a", shoe: 1 })).toEqual(['it has no field "shoe"']);
});

test("a sentence that the shape brings is kept", () => {
  expect(say({ name: "a", slug: "A" })).toEqual(["slug use lower-case letters"]);
});
