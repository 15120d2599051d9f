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
const issuesOf = (value: unknown) =>
  Shape.safeParse(value, { error: describeIssue }).error?.issues.map(
    ({ path, message }) => `${path.join(".") || "it"} ${message}`,
  );

test("a missing value is called missing, and a wrong type is reported with both types", () => {
  expect(issuesOf({})).toEqual(["name is missing"]);
  expect(issuesOf(undefined)).toEqual(["it is missing"]);
  expect(issuesOf([])).toEqual(["it must be an object, not a list"]);
  expect(issuesOf({ name: 5 })).toEqual(["name must be a text, not a number"]);
  expect(issuesOf({ name: null })).toEqual(["name must be a text, not null"]);
  expect(issuesOf({ name: "a", age: "old" })).toEqual(["age must be a number, not a text"]);
  expect(issuesOf({ name: "a", age: Number.NaN })).toEqual(["age must be a number"]);
  expect(issuesOf({ name: "a", age: 1.5 })).toEqual(["age must be a whole number"]);
  const either = z.object({ config: z.union([z.string(), z.object({})]) }).safeParse({}, { error: describeIssue });
  expect(either.error?.issues).toMatchObject([{ path: ["config"], message: "is missing" }]);
});

test("bounds, choices, formats and unknown fields are reported with the valid values", () => {
  expect(issuesOf({ name: "" })).toEqual(["name must not be empty"]);
  expect(issuesOf({ name: "abcd" })).toEqual(["name must have at most 3 characters"]);
  expect(issuesOf({ name: "a", age: -1 })).toEqual(["age must be at least 0"]);
  expect(issuesOf({ name: "a", tags: [] })).toEqual(["tags must have at least 2 entries"]);
  expect(issuesOf({ name: "a", role: "god" })).toEqual(["role must be one of owner, viewer"]);
  expect(issuesOf({ name: "a", email: "x" })).toEqual(["email must be an e-mail address"]);
  expect(issuesOf({ name: "a", at: "now" })).toEqual(["at must be a time, such as 2026-01-31T12:00:00Z"]);
  expect(issuesOf({ name: "a", shoe: 1 })).toEqual(['it has no field "shoe"']);
});

test("a message from the schema is used", () => {
  expect(issuesOf({ name: "a", slug: "A" })).toEqual(["slug use lower-case letters"]);
});
