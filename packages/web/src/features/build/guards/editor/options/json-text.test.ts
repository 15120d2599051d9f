import { expect, test } from "vitest";
import { printJson, problemOfJson, readJson } from "./json-text.ts";

test("a text that is not JSON is stored as it was typed, and says why", () => {
  expect(readJson('{"type": "object"}')).toEqual({ type: "object" });
  expect(readJson("  ")).toBeUndefined();
  const broken = readJson("{type");
  expect(broken).toBe("{type");
  expect(printJson(broken)).toBe("{type");
  expect(problemOfJson(broken)).toMatch(/^This is not JSON: /);
  expect(problemOfJson({ type: "object" })).toBeUndefined();
});
