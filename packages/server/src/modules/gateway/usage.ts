import type { ChatUsage, Usage } from "./providers/provider.ts";
import { countOf, isRecord, type JsonRecord, recordOf } from "./wires/json.ts";

/** What a column of the columnar store can count to. */
const MOST = 4_294_967_295;
const count = (value: unknown) => Math.min(MOST, countOf(value));

/** Usage as spans and prices count it: input with cached and cache-written tokens, output with reasoning. Null when there is none. */
export function toUsage(value: ChatUsage | JsonRecord | undefined): Usage | null {
  if (!isRecord(value)) return null;
  const given: JsonRecord = value;
  const prompt = recordOf(given.prompt_tokens_details);
  const reasoningTokens = count(recordOf(given.completion_tokens_details).reasoning_tokens);
  const inputTokens = count(given.prompt_tokens);
  const said = count(given.completion_tokens);
  // Some leave thoughts out of the completion and add them in the total only.
  const isApart = reasoningTokens > 0 && count(given.total_tokens) === inputTokens + said + reasoningTokens;
  return {
    inputTokens,
    outputTokens: count(isApart ? said + reasoningTokens : said),
    cachedInputTokens: count(prompt.cached_tokens ?? given.prompt_cache_hit_tokens),
    cacheWriteTokens: count(prompt.cache_write_tokens),
    reasoningTokens,
  };
}
