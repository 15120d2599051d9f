import { expect, test } from "vitest";
import { MetadataFilter, matchesFilter } from "./filters.ts";

const METADATA = { team: "north", year: 2026, isPublic: true, since: "2026-02-01" };
const matches = (filter: MetadataFilter) => matchesFilter(METADATA, MetadataFilter.parse(filter));

test.each<[string, MetadataFilter, boolean]>([
  ["an equal text", { type: "eq", key: "team", value: "north" }, true],
  ["another text", { type: "eq", key: "team", value: "south" }, false],
  ["an equal number", { type: "eq", key: "year", value: 2026 }, true],
  ["a number and its text", { type: "eq", key: "year", value: "2026" }, false],
  ["a boolean", { type: "eq", key: "isPublic", value: true }, true],
  ["a boolean and its text", { type: "ne", key: "isPublic", value: "true" }, true],
  ["a missing name that must be equal", { type: "eq", key: "owner", value: "x" }, false],
  ["a missing name that must differ", { type: "ne", key: "owner", value: "x" }, true],
  ["a name of the prototype", { type: "ne", key: "toString", value: "x" }, true],
  ["a larger number", { type: "gt", key: "year", value: 2025 }, true],
  ["an equal number that must be larger", { type: "gt", key: "year", value: 2026 }, false],
  ["an equal number that may be larger", { type: "gte", key: "year", value: 2026 }, true],
  ["a smaller number", { type: "lt", key: "year", value: 2027 }, true],
  ["an equal number that may be smaller", { type: "lte", key: "year", value: 2026 }, true],
  ["a later date as a text", { type: "gt", key: "since", value: "2026-01-31" }, true],
  ["a number in the order of a text", { type: "gt", key: "year", value: "1" }, false],
  ["a boolean in an order", { type: "lte", key: "isPublic", value: true }, false],
  ["a missing name in an order", { type: "lt", key: "owner", value: 5 }, false],
  ["one of a list", { type: "in", key: "year", value: [2025, 2026] }, true],
  ["none of a list", { type: "in", key: "year", value: ["2026"] }, false],
  ["an empty list", { type: "in", key: "year", value: [] }, false],
  ["a name outside of a list", { type: "nin", key: "team", value: ["south"] }, true],
  ["a missing name outside of a list", { type: "nin", key: "owner", value: ["x"] }, true],
])("%s: compared as OpenAI does", (_, filter, expected) => {
  expect(matches(filter)).toBe(expected);
});

test("compound filters join comparisons, on several levels", () => {
  const north = { type: "eq", key: "team", value: "north" } as const;
  const old = { type: "lt", key: "year", value: 2020 } as const;
  expect(matches({ type: "and", filters: [north, old] })).toBe(false);
  expect(matches({ type: "or", filters: [north, old] })).toBe(true);
  expect(matches({ type: "and", filters: [north, { type: "or", filters: [old, north] }] })).toBe(true);
  expect(matches({ type: "or", filters: [old, { type: "and", filters: [old, north] }] })).toBe(false);
});

const nested = (levels: number): object =>
  levels === 0 ? { type: "eq", key: "a", value: 1 } : { type: "and", filters: [nested(levels - 1)] };

test.each<[object, readonly (string | number)[], RegExp]>([
  [{ type: "like", key: "a", value: "b" }, ["type"], /Invalid option/],
  [{ type: "eq", value: "b" }, ["key"], /must name/],
  [{ type: "eq", key: "a" }, ["value"], /is missing/],
  [{ type: "eq", key: "a", value: ["b"] }, ["value"], /Use `in`/],
  [{ type: "in", key: "a", value: "b" }, ["value"], /must be a list/],
  [{ type: "eq", key: "a", value: 1, filters: [] }, ["filters"], /only used with/],
  [{ type: "and", filters: [] }, ["filters"], /must name/],
  [{ type: "and", key: "a", filters: [nested(0)] }, ["key"], /only used in a comparison/],
  [{ type: "and", filters: [{ type: "eq", key: "a" }] }, ["filters", 0, "value"], /is missing/],
  [{ type: "and", filters: [nested(0), { type: "x" }] }, ["filters", 1, "type"], /must be one of/],
  [nested(5), ["filters", 0, "filters", 0, "filters", 0, "filters", 0, "filters"], /more than 5 levels/],
])("a wrong filter %# is rejected with the place of the mistake", (filter, path, message) => {
  const issues = MetadataFilter.safeParse(filter).error?.issues;
  expect(issues?.[0]?.path).toEqual(path);
  expect(issues?.[0]?.message).toMatch(message);
});
