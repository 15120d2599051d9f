/** A chat of 4 KB, as an application with a system prompt and some turns sends it. */
export const chat = (model: string, more: object = {}) =>
  JSON.stringify({
    model,
    temperature: 0.2,
    ...more,
    messages: [
      { role: "system", content: "You are a helpful assistant of a shop. ".repeat(40) },
      { role: "user", content: "Where is my order? It was to come last week. ".repeat(25) },
      { role: "assistant", content: "Let me look that up for you." },
      { role: "user", content: "Thank you, I am waiting and would like to know the day. ".repeat(20) },
    ],
  });

/** What the upstream answers to it: 1 KB. */
export const answer = JSON.stringify({
  id: "chatcmpl-bench",
  object: "chat.completion",
  created: 1_790_000_000,
  model: "gpt-4o-2024-08-06",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "Your order left our house on Monday. ".repeat(18) },
      logprobs: null,
      finish_reason: "stop",
    },
  ],
  usage: {
    prompt_tokens: 900,
    completion_tokens: 160,
    total_tokens: 1_060,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  },
  system_fingerprint: "fp_bench",
});
