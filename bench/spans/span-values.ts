type Model = {
  readonly provider: string;
  readonly name: string;
  /** What the provider adds to the name in its answers. */
  readonly version: string;
  /** US dollars per million tokens in and out; null when no price is known. */
  readonly usd: readonly [number, number] | null;
};
// Of each list the first is drawn most often.
export const MODELS: readonly Model[] = [
  { provider: "openai", name: "gpt-4.1-mini", version: "-2025-04-14", usd: [0.4, 1.6] },
  { provider: "anthropic", name: "claude-sonnet-4-5", version: "-20250929", usd: [3, 15] },
  { provider: "openai", name: "gpt-4.1", version: "-2025-04-14", usd: [2, 8] },
  { provider: "gemini", name: "gemini-2.5-flash", version: "", usd: [0.3, 2.5] },
  { provider: "anthropic", name: "claude-haiku-4-5", version: "-20251001", usd: [1, 5] },
  { provider: "openai", name: "gpt-4o", version: "-2024-08-06", usd: [2.5, 10] },
  { provider: "local", name: "smollm2-135m-instruct", version: "", usd: [0, 0] },
  { provider: "mistral", name: "mistral-small", version: "-2506", usd: [0.1, 0.3] },
  { provider: "openai", name: "o4-mini", version: "-2025-04-16", usd: [1.1, 4.4] },
  { provider: "vllm", name: "qwen3-32b", version: "", usd: null },
  { provider: "gemini", name: "gemini-2.5-pro", version: "", usd: [1.25, 10] },
  { provider: "anthropic", name: "claude-opus-4-5", version: "-20251101", usd: [5, 25] },
  { provider: "vllm", name: "llama-3.3-70b", version: "", usd: null },
  { provider: "mistral", name: "mistral-large", version: "-2411", usd: [2, 6] },
  { provider: "groq", name: "llama-3.1-8b", version: "", usd: [0.05, 0.08] },
  { provider: "openai", name: "gpt-4.1-nano", version: "-2025-04-14", usd: [0.1, 0.4] },
];

/** Each service calls the endpoint in the same place of the other list. */
export const SERVICES = ["support-api", "search-api", "ticket-worker", "web", "mobile", "reports", "billing", "ops"];
export const ENDPOINTS = ["support-agent", "search", "ticket-summary", "chat", "chat", "report", "invoices", "triage"];

export const TAGS = ["checkout", "beta", "german", "retry", "vip", "mobile", "trial", "partner"].flatMap((topic) =>
  ["", "-eu", "-us", "-asia", "-test"].map((region) => topic + region),
);

/** What a step without steps below it does; drawn evenly. */
export const LEAF_KINDS = [
  ...Array.from({ length: 11 }, () => "generation"),
  ...["tool", "tool", "tool", "tool", "retrieval", "retrieval", "embedding", "guardrail", "rerank", "span"],
];
export const CALL_NAMES = ["answer", "classify intent", "choose tool", "summarise", "rewrite question", "extract"];
export const TOOL_NAMES = ["get_order", "search_orders", "update_address", "issue_refund", "track_parcel"];

export const FAILURES = [
  { type: "rate_limited", message: "Rate limit reached for tokens per minute. Try again later." },
  { type: "provider_timeout", message: "No first byte within 30 s." },
  { type: "provider_failed", message: "The server had an error while processing your request." },
  { type: "invalid_request", message: "This request has more tokens than the context can hold." },
];
