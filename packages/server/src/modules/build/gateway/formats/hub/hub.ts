/** OpenAI's chat shapes: the hub that every format and provider translates to and from. Loose on purpose. */
export type ToolCall = {
  index?: number;
  id?: string;
  type?: "function";
  function: { name?: string; arguments?: string };
};
export type ChatMessage = {
  role: string;
  content: string | null | readonly Record<string, unknown>[];
  /** The model's reasoning, under the name that DeepSeek and vLLM use. */
  reasoning_content?: string | null;
  /** Signed or encrypted reasoning that the provider needs unchanged in the next turn. */
  reasoning_details?: readonly Record<string, unknown>[];
  refusal?: string | null;
  /** Images that the model generated, each `{type:"image_url",image_url:{url:"data:…"}}`. */
  images?: readonly Record<string, unknown>[];
  /** Citations; see `cited.ts` for those of documents. */
  annotations?: readonly Record<string, unknown>[];
  tool_calls?: ToolCall[];
  tool_call_id?: string;
  name?: string;
};
export type ChatUsage = {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number };
  completion_tokens_details?: { reasoning_tokens?: number };
};
export type ChatResponse = {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: {
    index: number;
    message: ChatMessage;
    finish_reason: string | null;
    stop_sequence?: string;
    logprobs?: unknown;
  }[];
  usage?: ChatUsage;
  [more: string]: unknown;
};
export type ChatChunk = {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  choices: {
    index: number;
    delta: Partial<ChatMessage>;
    finish_reason: string | null;
    stop_sequence?: string;
    logprobs?: unknown;
  }[];
  usage?: ChatUsage | null;
  [more: string]: unknown;
};
export type EmbeddingResponse = {
  object: "list";
  model: string;
  data: { object: "embedding"; index: number; embedding: number[] | string }[];
  usage: { prompt_tokens: number; total_tokens: number };
};

/** A provider's error, with a message that can be shown. `type` is the provider's own name for it. */
export type UpstreamError = { readonly message: string; readonly type: string | null; readonly code: string | null };

/** Reads a provider's stream. `push` takes the bytes as they arrive; both methods return the hub's chunks. Throws `UpstreamStreamError` on an error event. */
export type StreamReader = { push(bytes: Uint8Array): ChatChunk[]; end(): ChatChunk[] };

/** An event of a stream: its name, and the JSON value of its data; undefined for data that is not JSON. */
export type StreamEvent = { readonly event: string; readonly value: unknown };
/** Translates a provider's events to the hub's chunks, one at a time; call `end` after the last. Throws `UpstreamStreamError` on an error event. */
export type ChunkReader = { read(event: StreamEvent): ChatChunk[]; end(): ChatChunk[] };

/** Tokens of a call. `input` includes cached and cache-written tokens, `output` includes reasoning tokens. */
export type Usage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
};

/** An error inside a stream or a body that began with the status 200. */
export class UpstreamStreamError extends Error {
  override readonly name = "UpstreamStreamError";
  readonly upstream: UpstreamError;

  constructor(upstream: UpstreamError) {
    super(upstream.message);
    this.upstream = upstream;
  }
}
