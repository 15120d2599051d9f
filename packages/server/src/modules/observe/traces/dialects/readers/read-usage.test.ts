import { expect, test } from "vitest";
import { toUsage, usageOf } from "./read-usage.ts";

const expected = {
  inputTokens: 120,
  outputTokens: 45,
  cachedInputTokens: 64,
  cacheWriteTokens: 16,
  reasoningTokens: 8,
};

test.each<[string, object]>([
  [
    "OpenAI's chat",
    {
      prompt_tokens: 120,
      completion_tokens: 45,
      total_tokens: 165,
      prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 16 },
      completion_tokens_details: { reasoning_tokens: 8 },
    },
  ],
  [
    "OpenAI's responses",
    {
      input_tokens: 120,
      output_tokens: 45,
      total_tokens: 165,
      input_tokens_details: { cached_tokens: 64, cache_write_tokens: 16 },
      output_tokens_details: { reasoning_tokens: 8 },
    },
  ],
  [
    "LangChain",
    {
      input_tokens: 120,
      output_tokens: 45,
      input_token_details: { cache_read: 64, cache_creation: 16 },
      output_token_details: { reasoning: 8 },
    },
  ],
  [
    "the AI SDK",
    {
      inputTokens: 120,
      outputTokens: 45,
      inputTokenDetails: { cacheReadTokens: 64, cacheWriteTokens: 16 },
      outputTokenDetails: { reasoningTokens: 8 },
    },
  ],
])("the usage of %s is read", (_name, usage) => {
  expect(usageOf(usage)).toEqual(expected);
});

test("senders that count cached tokens outside the input are corrected", () => {
  expect(
    usageOf({ input_tokens: 100, output_tokens: 45, cache_read_input_tokens: 64, cache_creation_input_tokens: 16 }),
  ).toMatchObject({
    inputTokens: 180,
    cachedInputTokens: 64,
    cacheWriteTokens: 16,
  });
  expect(
    usageOf({ inputTokens: 100, outputTokens: 45, cacheReadInputTokens: 64, cacheWriteInputTokens: 16 }),
  ).toMatchObject({ inputTokens: 180 });
  expect(toUsage({ input: 40, cached: 64 }).inputTokens).toBe(104);
});

test("thoughts that are only in the total are part of the output", () => {
  expect(toUsage({ input: 100, output: 20, reasoning: 30, total: 150 }).outputTokens).toBe(50);
  expect(toUsage({ input: 100, output: 50, reasoning: 30, total: 150 }).outputTokens).toBe(50);
  expect(usageOf({ promptTokenCount: 100, candidatesTokenCount: 20, thoughtsTokenCount: 30 })).toMatchObject({
    outputTokens: 50,
    reasoningTokens: 30,
  });
});

test("what counts nothing is no usage", () => {
  expect(usageOf({})).toBeUndefined();
  expect(usageOf("many")).toBeUndefined();
  expect(usageOf({ input_tokens: null })).toBeUndefined();
});
