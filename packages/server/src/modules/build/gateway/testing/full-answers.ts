const usage = {
  prompt_tokens: 1,
  completion_tokens: 2,
  total_tokens: 3,
  prompt_tokens_details: { cached_tokens: 1 },
  completion_tokens_details: { reasoning_tokens: 1 },
};
const call = { id: "c", type: "function", function: { name: "f", arguments: '{"a":1}' } };
const logprobs = { content: [{ token: "a", logprob: -1, bytes: [97], top_logprobs: [] }], refusal: null };
const message = {
  role: "assistant",
  content: "a",
  refusal: "no",
  reasoning_content: "why",
  reasoning_details: [{ type: "reasoning.text", text: "x", signature: "s" }],
  images: [{ type: "image_url", image_url: { url: "data:image/png;base64,aaaa" } }],
};

/** An answer of an OpenAI-compatible server with everything that is read of one. */
export const CHAT_ANSWER = {
  id: "a",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [
    { index: 0, text: "a", finish_reason: "tool_calls", logprobs, message: { ...message, tool_calls: [call] } },
  ],
  usage,
} as const;

/** The same as one chunk of a stream. */
export const CHAT_CHUNK = {
  id: "a",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta: { ...message, tool_calls: [{ index: 0, ...call }] }, finish_reason: "stop", logprobs }],
  usage,
} as const;

/** An answer of OpenAI's responses. */
export const RESPONSES_ANSWER = {
  id: "r",
  object: "response",
  created_at: 1,
  model: "m",
  status: "completed",
  incomplete_details: null,
  output: [
    {
      type: "reasoning",
      id: "x",
      summary: [{ type: "summary_text", text: "why" }],
      content: [{ type: "reasoning_text", text: "t" }],
    },
    {
      type: "message",
      id: "y",
      role: "assistant",
      content: [
        { type: "output_text", text: "a", annotations: [] },
        { type: "refusal", refusal: "n" },
      ],
    },
    { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
  ],
  usage: {
    input_tokens: 1,
    output_tokens: 2,
    input_tokens_details: { cached_tokens: 1 },
    output_tokens_details: { reasoning_tokens: 1 },
  },
} as const;
