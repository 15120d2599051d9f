import { expect, test } from "vitest";
import { isAllowed } from "./allowed-models.ts";

test("a pattern matches whole names, and * any characters", () => {
  expect(isAllowed(undefined, "anything")).toBe(true);
  expect(isAllowed([], "anything")).toBe(false);
  expect(isAllowed(["openai/*"], "openai/gpt-4o")).toBe(true);
  expect(isAllowed(["openai/*"], "other/openai/gpt-4o")).toBe(false);
  expect(isAllowed(["*-mini"], "openai/gpt-4o-mini")).toBe(true);
  expect(isAllowed(["gpt-*-mini"], "gpt-mini")).toBe(false);
  expect(isAllowed(["a*b*c"], "a-b-b-c")).toBe(true);
  expect(isAllowed(["a*a"], "a")).toBe(false);
  expect(isAllowed(["gpt.4"], "gpt-4")).toBe(false);
});
