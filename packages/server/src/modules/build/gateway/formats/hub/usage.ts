import { isRecord } from "../../../../../kernel/is-record.ts";
import { usageOf } from "./chunks.ts";
import type { ChatUsage, Usage } from "./hub.ts";
import { countOf, type JsonRecord, recordOf } from "./json.ts";

/** The maximum of a column in the columnar store. */
const MAX_COUNT = 4_294_967_295;
const count = (value: unknown) => Math.min(MAX_COUNT, countOf(value));

/**
 * Usage as in spans and prices: input includes cached and cache-written tokens, output includes reasoning. Null if
 * there is none.
 */
export function toUsage(value: ChatUsage | JsonRecord | undefined): Usage | null {
  if (!isRecord(value)) return null;
  const given: JsonRecord = value;
  const prompt = recordOf(given.prompt_tokens_details);
  const reasoningTokens = count(recordOf(given.completion_tokens_details).reasoning_tokens);
  const inputTokens = count(given.prompt_tokens);
  const completionTokens = count(given.completion_tokens);
  // Some providers count reasoning only in the total, and not in the completion.
  const isSeparate =
    reasoningTokens > 0 && count(given.total_tokens) === inputTokens + completionTokens + reasoningTokens;
  return {
    inputTokens,
    outputTokens: count(isSeparate ? completionTokens + reasoningTokens : completionTokens),
    cachedInputTokens: count(prompt.cached_tokens ?? given.prompt_cache_hit_tokens),
    cacheWriteTokens: count(prompt.cache_write_tokens),
    reasoningTokens,
  };
}

/** The usage of two answers to one call, in the hub's shape. */
export function addUsage(one: ChatUsage, other: ChatUsage): ChatUsage {
  const [first, second] = [toUsage(one) ?? NO_USAGE, toUsage(other) ?? NO_USAGE];
  return usageOf({
    input: first.inputTokens + second.inputTokens,
    output: first.outputTokens + second.outputTokens,
    cached: first.cachedInputTokens + second.cachedInputTokens,
    cacheWrite: first.cacheWriteTokens + second.cacheWriteTokens,
    reasoning: first.reasoningTokens + second.reasoningTokens,
  });
}

/** What is left of a usage without a part of it. */
export const withoutUsage = (whole: Usage, part: Usage): Usage => ({
  inputTokens: Math.max(0, whole.inputTokens - part.inputTokens),
  outputTokens: Math.max(0, whole.outputTokens - part.outputTokens),
  cachedInputTokens: Math.max(0, whole.cachedInputTokens - part.cachedInputTokens),
  cacheWriteTokens: Math.max(0, whole.cacheWriteTokens - part.cacheWriteTokens),
  reasoningTokens: Math.max(0, whole.reasoningTokens - part.reasoningTokens),
});

export const NO_USAGE: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
};
