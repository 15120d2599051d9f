import { expect, test } from "vitest";
import { toUsage } from "../formats/hub/usage.ts";
import { findUsage } from "./find-usage.ts";

const read = (value: unknown) => findUsage(Buffer.from(JSON.stringify(value)));
const data = [{ embedding: Array.from({ length: 5_000 }, (_, at) => at / 7) }];

test("usage and model are found after a long answer, and before one", () => {
  const usage = { prompt_tokens: 8, total_tokens: 8, prompt_tokens_details: { cached_tokens: 2 } };
  expect(read({ object: "list", data, model: "m", usage })).toEqual({ usage, model: "m" });
  expect(read({ usage, model: "m", data })).toEqual({ usage, model: "m" });
});

test("an answer without usage and model returns none", () => {
  expect(read({ data: [] })).toEqual({ usage: undefined, model: "" });
  expect(findUsage(Buffer.from('{"usage": 12'))).toEqual({ usage: undefined, model: "" });
});

test("usage is counted in the variants of all providers", () => {
  expect(
    toUsage({ prompt_tokens: 10, completion_tokens: 4, total_tokens: 14, prompt_cache_hit_tokens: 6 }),
  ).toMatchObject({ inputTokens: 10, outputTokens: 4, cachedInputTokens: 6 });
  const apart = {
    prompt_tokens: 10,
    completion_tokens: 4,
    total_tokens: 24,
    completion_tokens_details: { reasoning_tokens: 10 },
  };
  expect(toUsage(apart)).toMatchObject({ outputTokens: 14, reasoningTokens: 10 });
  const within = {
    prompt_tokens: 10,
    completion_tokens: 14,
    total_tokens: 24,
    completion_tokens_details: { reasoning_tokens: 10 },
  };
  expect(toUsage(within)).toMatchObject({ outputTokens: 14, reasoningTokens: 10 });
  expect(toUsage({ prompt_tokens: -5, completion_tokens: "many", total_tokens: Number.NaN })).toMatchObject({
    inputTokens: 0,
    outputTokens: 0,
  });
  expect(toUsage(undefined)).toBeNull();
});
