import type { ChatUsage } from "../hub/hub.ts";
import { countOf, type JsonRecord, recordOf, recordsOf, textOf } from "../hub/json.ts";

export function responsesUsage(usage: ChatUsage | null | undefined): JsonRecord | null {
  if (!usage) return null;
  const input = countOf(usage.prompt_tokens);
  const output = countOf(usage.completion_tokens);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: countOf(usage.prompt_tokens_details?.cached_tokens) },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: countOf(usage.completion_tokens_details?.reasoning_tokens) },
    total_tokens: countOf(usage.total_tokens ?? input + output),
  };
}

/** Chat's log-probabilities as the Responses API lists them. */
export const responsesLogprobs = (logprobs: unknown): JsonRecord[] =>
  recordsOf(recordOf(logprobs).content).map((entry) => ({
    token: textOf(entry.token),
    logprob: entry.logprob,
    bytes: entry.bytes ?? [],
    top_logprobs: recordsOf(entry.top_logprobs).map((top) => ({
      token: textOf(top.token),
      logprob: top.logprob,
      bytes: top.bytes ?? [],
    })),
  }));
