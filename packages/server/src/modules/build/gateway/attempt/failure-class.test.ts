import { expect, test } from "vitest";
import { promptTooLong } from "../../../../platform/inference/context-length.ts";
import { OutboundError } from "../../../../platform/outbound/port.ts";
import { AttemptFailure, toFailure } from "./attempt-failure.ts";
import { classOf } from "./failure-class.ts";

const rejected = (status: number, message: string, code: string | null = null) =>
  new AttemptFailure(message, { kind: "status", status, code });

test.each([
  ["OpenAI", rejected(400, "This model's maximum context length is 128000 tokens.", "context_length_exceeded")],
  ["vLLM", rejected(400, "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens")],
  ["Anthropic", rejected(400, "prompt is too long: 213000 tokens > 200000 maximum")],
  [
    "Anthropic with max_tokens",
    rejected(400, "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000"),
  ],
  ["Gemini", rejected(400, "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).")],
  ["Bedrock", rejected(400, "Input is too long for requested model.")],
  ["llama.cpp", rejected(400, "the request exceeds the available context size, try increasing it")],
  [
    "Text Generation Inference",
    rejected(422, "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096."),
  ],
  ["Anthropic's size limit", rejected(413, "Request exceeds the maximum size", "request_too_large")],
])("a prompt that is too long for %s", (_, failure) => {
  expect(classOf(failure)).toBe("context-length");
});

test.each([
  [
    "Azure",
    rejected(
      400,
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      "content_filter",
    ),
  ],
  ["OpenAI", rejected(400, "Your request was rejected as a result of our safety system.", "content_policy_violation")],
  ["Anthropic", rejected(400, "Output blocked by content filtering policy")],
  ["OpenRouter", rejected(403, "Your input was flagged by moderation")],
])("content that %s refuses", (_, failure) => {
  expect(classOf(failure)).toBe("content-filter");
});

test.each([
  [429, "Too many requests", "rate-limit"],
  [429, "Request too large for gpt-4o: too many tokens per minute", "rate-limit"],
  [408, "Request timeout", "timeout"],
  [504, "upstream timed out", "timeout"],
  [502, "bad gateway", "unavailable"],
  [503, "overloaded", "unavailable"],
  [529, "Overloaded", "unavailable"],
  [500, "internal error", "error"],
  [500, "could not read the content filter's context length", "error"],
  [401, "Incorrect API key", "error"],
  [400, "temperature must be below 2", "error"],
  [404, "no such model", "error"],
] as const)("status %i with %j is %s", (status, message, expected) => {
  expect(classOf(rejected(status, message))).toBe(expected);
});

test.each([
  ["connect", "unavailable"],
  ["reset", "unavailable"],
  ["connect_timeout", "timeout"],
  ["first_byte_timeout", "timeout"],
  ["total_timeout", "timeout"],
  ["too_large", "error"],
] as const)("a connection that ends with %s is %s", (kind, expected) => {
  expect(classOf(toFailure(new OutboundError(kind, "no answer")))).toBe(expected);
});

test("an open circuit is unavailable", () => {
  expect(classOf(new AttemptFailure("open", { kind: "circuit", status: 0 }))).toBe("unavailable");
});

test("a prompt that is too long for a model of this machine", () => {
  const error = promptTooLong({ modelId: "m", promptTokens: 9, contextTokens: 8, param: "messages" });
  expect(classOf(toFailure(error))).toBe("context-length");
});
