import { expect, test } from "vitest";
import { NO_LIMITS, readKeyLimits } from "./key-limits.ts";

test("empty fields allow all models, forever", () => {
  expect(readKeyLimits(NO_LIMITS)).toEqual({ models: null, expiresAt: null });
});

test("each line or comma separates a pattern, and repeated patterns count once", () => {
  const { models } = readKeyLimits({ ...NO_LIMITS, models: " openai/*\n\nsupport-chat, openai/*,\n" });
  expect(models).toEqual(["openai/*", "support-chat"]);
});

test("the expiry is the local time of the field", () => {
  const expires = "2030-05-06T07:08";
  expect(readKeyLimits({ ...NO_LIMITS, expires }).expiresAt).toBe(new Date(2030, 4, 6, 7, 8).toISOString());
});
