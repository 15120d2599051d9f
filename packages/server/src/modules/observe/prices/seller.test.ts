import { expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { createPricer } from "./index.ts";

const usage = {
  inputTokens: 1_000_000,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
};
const pricer = createPricer(systemClock);
const priceOf = (provider: string, model: string) => pricer.costOfModel({ provider, model, usage });

test("a known model under an unknown provider's name has the price of the model's own provider", () => {
  const listed = pricer.cost([], { provider: "openai", model: "gpt-4o-mini", usage });
  expect(listed).toBeGreaterThan(0);
  for (const provider of ["strands-agents", "our-proxy", ""])
    expect(priceOf(provider, "gpt-4o-mini")).toEqual({ usd: listed, seller: "openai" });
  expect(priceOf("litellm-proxy", "openai/gpt-4o-mini")).toEqual({ usd: listed, seller: "openai" });
  expect(priceOf("strands-agents", "gemini-2.0-flash")?.seller).toBe("gemini");
});

test("an id of Amazon Bedrock has the price there, with or without a region", () => {
  const model = "anthropic.claude-3-5-sonnet-20240620-v1:0";
  const listed = pricer.cost([], { provider: "bedrock", model, usage });
  expect(listed).toBeGreaterThan(0);
  expect(priceOf("strands-agents", model)).toEqual({ usd: listed, seller: "bedrock" });
  expect(priceOf("strands-agents", `us.${model}`)).toEqual({ usd: listed, seller: "bedrock" });
});

test("a provider with a price list, a server on one's own machine and open weights get no other's price", () => {
  for (const provider of ["anthropic", "ollama", "vllm", "our-vllm-server", "local", "lm_studio", "llama.cpp"])
    expect([provider, priceOf(provider, "gpt-4o-mini")]).toEqual([provider, null]);
  for (const model of ["gpt-oss-120b", "gemma-3-27b", "llama-3.1-70b", "unheard-of"])
    expect([model, priceOf("our-proxy", model)]).toEqual([model, null]);
});
