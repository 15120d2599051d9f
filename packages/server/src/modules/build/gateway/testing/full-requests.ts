const schema = { type: "object", properties: { a: { type: "string", enum: ["x"] } }, required: ["a"] };
const picture = "data:image/png;base64,aaaa";
const pdf = "data:application/pdf;base64,aaaa";
const sampling = { temperature: 1, top_p: 1 };

/** A request of each shape with most of what can be in one. */
export const FULL_REQUESTS = {
  chat: {
    model: "m",
    messages: [
      { role: "system", content: "s" },
      {
        role: "user",
        name: "n",
        content: [
          { type: "text", text: "a" },
          { type: "image_url", image_url: { url: picture, detail: "low" } },
          { type: "input_audio", input_audio: { data: "aaaa", format: "wav" } },
          { type: "file", file: { file_data: pdf, filename: "f.pdf" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        reasoning_content: "r",
        reasoning_details: [{ type: "reasoning.text", text: "x", signature: "s" }],
        tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "c", content: "r" },
    ],
    tools: [{ type: "function", function: { name: "f", description: "d", parameters: schema, strict: true } }],
    tool_choice: { type: "function", function: { name: "f" } },
    response_format: { type: "json_schema", json_schema: { name: "n", schema, strict: true } },
    ...sampling,
    n: 1,
    stop: ["a"],
    max_tokens: 5,
    seed: 1,
    logprobs: true,
    top_logprobs: 2,
    logit_bias: { "1": 1 },
    reasoning_effort: "low",
    parallel_tool_calls: false,
    presence_penalty: 0,
    frequency_penalty: 0,
    stream: true,
    stream_options: { include_usage: true },
    metadata: { a: "b" },
    user: "u",
  },
  completions: { model: "m", prompt: ["a"], max_tokens: 5, stop: "x", echo: false, suffix: "s", logprobs: 1, n: 1 },
  responses: {
    model: "m",
    instructions: "i",
    input: [
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "a" },
          { type: "input_image", image_url: picture, detail: "low" },
          { type: "input_file", filename: "f", file_data: pdf },
        ],
      },
      { type: "reasoning", id: "r", summary: [{ type: "summary_text", text: "t" }], encrypted_content: "e" },
      { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "c", output: "o" },
      { type: "custom_tool_call", call_id: "d", name: "c", input: "i" },
      { type: "custom_tool_call_output", call_id: "d", output: [{ type: "input_text", text: "o" }] },
      { type: "function_call", call_id: "e", namespace: "g", name: "f", arguments: "{}" },
      { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "q" } },
    ],
    tools: [
      { type: "function", name: "f", description: "d", parameters: schema, strict: true },
      { type: "custom", name: "c", description: "d", format: { type: "grammar", syntax: "lark", definition: "s" } },
      { type: "namespace", name: "g", description: "d", tools: [{ type: "function", name: "f", parameters: schema }] },
      { type: "web_search", search_context_size: "low" },
    ],
    tool_choice: { type: "function", name: "f" },
    text: { format: { type: "json_schema", name: "n", schema, strict: true }, verbosity: "low" },
    reasoning: { effort: "low", summary: "auto" },
    ...sampling,
    max_output_tokens: 5,
    parallel_tool_calls: true,
    top_logprobs: 1,
    metadata: { a: "b" },
    include: ["message.output_text.logprobs"],
  },
  messages: {
    model: "m",
    max_tokens: 2_000,
    system: [{ type: "text", text: "s", cache_control: { type: "ephemeral" } }],
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "aaaa" } },
          { type: "document", source: { type: "base64", media_type: "application/pdf", data: "aaaa" }, title: "t" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "t", signature: "s" },
          { type: "redacted_thinking", data: "d" },
          { type: "tool_use", id: "c", name: "f", input: { a: 1 } },
        ],
      },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "c", content: [{ type: "text", text: "r" }], is_error: false }],
      },
    ],
    tools: [{ name: "f", description: "d", input_schema: schema }],
    tool_choice: { type: "tool", name: "f", disable_parallel_tool_use: true },
    thinking: { type: "enabled", budget_tokens: 1_024 },
    ...sampling,
    top_k: 1,
    stop_sequences: ["a"],
    metadata: { user_id: "u" },
    output_config: { format: { type: "json_schema", schema } },
  },
} as const;
