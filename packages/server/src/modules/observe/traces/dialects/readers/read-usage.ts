import { isRecord } from "../../../../../kernel/is-record.ts";
import type { AttributeReader } from "./attribute-reader.ts";
import type { Reading } from "./dialect.ts";
import { fieldOf, type JsonRecord, numberOf, recordOf } from "./json.ts";

export type Usage = Pick<
  Reading,
  "inputTokens" | "outputTokens" | "cachedInputTokens" | "cacheWriteTokens" | "reasoningTokens"
>;

/** A sender's counts, before its convention is known. */
export type Counts = {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly total?: number | undefined;
  readonly cached?: number | undefined;
  readonly written?: number | undefined;
  readonly reasoning?: number | undefined;
};

/** The maximum of a column in the columnar store. */
const MOST = 4_294_967_295;

/**
 * Usage as in OpenAI's API and in prices: the input includes cached and cache-written tokens, the output includes
 * reasoning. `isCacheBeside` means that the sender counts cached tokens separately, like Anthropic. An input smaller
 * than its cached part, or a total that adds both, means the same.
 */
export function toUsage(counts: Counts, { isCacheBeside = false } = {}): Usage {
  const { input = 0, output = 0, cached = 0, written = 0, reasoning = 0, total } = counts;
  const isAdded = cached + written > 0 && total === input + output + cached + written && reasoning !== cached + written;
  const isBeside = isCacheBeside || isAdded || input < cached + written;
  const whole = isBeside ? input + cached + written : input;
  // Some leave thoughts out of the output and add them in the total only.
  const isApart = reasoning > 0 && (reasoning > output || total === whole + output + reasoning);
  return {
    inputTokens: count(whole),
    outputTokens: count(isApart ? output + reasoning : output),
    cachedInputTokens: count(cached),
    cacheWriteTokens: count(written),
    reasoningTokens: count(reasoning),
  };
}

/** Tokens under every name that the conventions had for them, OpenLLMetry's and Pydantic AI's included. */
export const readGenAiCounts = (reader: AttributeReader): Counts => ({
  input: reader.number("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens"),
  output: reader.number("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.usage.completion_tokens"),
  total: reader.number("gen_ai.usage.total_tokens", "llm.usage.total_tokens"),
  cached: reader.number(
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.cached_input_tokens",
    "gen_ai.usage.details.cache_read_tokens",
    "gen_ai.usage.input_tokens.cache_read",
    "gen_ai.usage.cache_read_tokens",
  ),
  written: reader.number(
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.details.cache_write_tokens",
    "gen_ai.usage.cache_write_input_tokens",
    "gen_ai.usage.input_tokens.cache_write",
    "gen_ai.usage.cache_write_tokens",
  ),
  reasoning: reader.number(
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "gen_ai.usage.details.reasoning_tokens",
    "gen_ai.usage.output_tokens.reasoning",
    "llm.usage.reasoning_tokens",
  ),
});

/**
 * The usage inside a provider's response: OpenAI's chat and responses, Anthropic, Gemini, Bedrock, LangChain, the AI
 * SDK. Undefined if there is none.
 */
export function usageOf(raw: unknown): Usage | undefined {
  if (!isRecord(raw)) return undefined;
  const counts = countsOf(raw);
  if (counts.input === undefined && counts.output === undefined) return undefined;
  return toUsage(counts, { isCacheBeside: isAnthropic(raw) });
}

function countsOf(raw: JsonRecord): Counts {
  const input = detailsOf(raw, [
    "prompt_tokens_details",
    "input_tokens_details",
    "input_token_details",
    "inputTokenDetails",
  ]);
  const output = detailsOf(raw, [
    "completion_tokens_details",
    "output_tokens_details",
    "output_token_details",
    "outputTokenDetails",
  ]);
  const candidates = firstNumber(raw, ["candidatesTokenCount", "candidates_token_count"]);
  const thoughts = firstNumber(raw, ["thoughtsTokenCount", "thoughts_token_count"]);
  return {
    input: firstNumber(raw, [
      "input_tokens",
      "prompt_tokens",
      "inputTokens",
      "promptTokens",
      "promptTokenCount",
      "prompt_token_count",
      "tokens",
    ]),
    output:
      firstNumber(raw, ["output_tokens", "completion_tokens", "outputTokens", "completionTokens"]) ??
      (candidates === undefined ? undefined : candidates + (thoughts ?? 0)),
    total: firstNumber(raw, ["total_tokens", "totalTokens"]),
    cached:
      firstNumber(input, ["cached_tokens", "cache_read", "cacheReadTokens"]) ??
      firstNumber(raw, [
        "cache_read_input_tokens",
        "cachedInputTokens",
        "cacheReadInputTokens",
        "cachedContentTokenCount",
        "prompt_cache_hit_tokens",
      ]),
    written:
      firstNumber(input, ["cache_write_tokens", "cache_creation", "cacheWriteTokens"]) ??
      firstNumber(raw, ["cache_creation_input_tokens", "cacheWriteInputTokens"]),
    reasoning:
      firstNumber(output, ["reasoning_tokens", "reasoning", "reasoningTokens"]) ??
      firstNumber(raw, ["reasoningTokens"]) ??
      thoughts,
  };
}

/** Anthropic's own answers, and Bedrock's, which count as Anthropic does. */
const isAnthropic = (raw: JsonRecord) =>
  (Object.hasOwn(raw, "cache_read_input_tokens") && !Object.hasOwn(raw, "total_tokens")) ||
  Object.hasOwn(raw, "cacheReadInputTokens");

function detailsOf(raw: JsonRecord, names: readonly string[]): JsonRecord {
  for (const name of names) if (isRecord(fieldOf(raw, name))) return recordOf(fieldOf(raw, name));
  return {};
}

export function firstNumber(record: JsonRecord, names: readonly string[]): number | undefined {
  for (const name of names) {
    const number = numberOf(fieldOf(record, name));
    if (number !== undefined) return number;
  }
  return undefined;
}

const count = (value: number) => Math.min(MOST, Math.max(0, Math.round(value)));
