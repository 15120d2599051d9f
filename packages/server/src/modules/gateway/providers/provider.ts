import type { ChatRequest, CompletionRequest, EmbeddingRequest, ProviderId } from "@treadle/contract";

/** What a provider's adapter needs to know of a connection. The key is the one drawn for this try. */
export type Upstream = {
  readonly baseUrl: string;
  readonly preset: string;
  readonly key: string;
  readonly model: string;
  readonly region: string | null;
  readonly apiVersion: string | null;
  readonly accessKeyId: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** It takes OpenAI's `stream_options.include_usage`. */
  readonly hasStreamUsage: boolean;
};

export type UpstreamRequest = {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** Tokens of a call. `input` includes cached and cache-written tokens, `output` includes reasoning tokens. */
export type Usage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
};

/** OpenAI's chat shapes, the hub that every other shape is translated to and from. Loose on purpose. */
export type ToolCall = {
  index?: number;
  id?: string;
  type?: "function";
  function: { name?: string; arguments?: string };
};
export type ChatMessage = {
  role: string;
  content: string | null | readonly Record<string, unknown>[];
  /** A model's thoughts, as DeepSeek and vLLM name them. */
  reasoning_content?: string | null;
  /** Signed or hidden thoughts that a provider wants back unchanged in the next turn. */
  reasoning_details?: readonly Record<string, unknown>[];
  refusal?: string | null;
  /** Pictures that the model drew, each `{type:"image_url",image_url:{url:"data:…"}}`. */
  images?: readonly Record<string, unknown>[];
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

/** What a provider said when it refused, in words we can repeat. `type` is the provider's own word for it. */
export type UpstreamError = { readonly message: string; readonly type: string | null; readonly code: string | null };

/** Reads a provider's stream. `push` takes the bytes as they come; both give the hub's chunks. Throws `UpstreamStreamError` on an error event. */
export type StreamReader = { push(bytes: Uint8Array): ChatChunk[]; end(): ChatChunk[] };

/** An event of a stream: its name, and the JSON value in its data; undefined for data that is none. */
export type StreamEvent = { readonly event: string; readonly value: unknown };
/** Makes the hub's chunks of a provider's events, given one by one; `end` comes after the last. Throws `UpstreamStreamError` on an event that is an error. */
export type ChunkReader = { read(event: StreamEvent): ChatChunk[]; end(): ChatChunk[] };

type Asked = { model: string; now: number; includeUsage: boolean };
/** For a provider whose own wire callers speak too. */
export type PassThrough = {
  /**
   * A request in the provider's own wire, sent on as it came: only address and credentials are added.
   * `path` is what follows the version in the caller's URL, such as `/chat/completions`, `/messages` or `/messages/count_tokens`;
   * `bytes` name the upstream's model already (the gateway replaced it) and become the body untouched.
   */
  request(upstream: Upstream, path: string, bytes: Buffer): UpstreamRequest;
  /** Reads along with a stream whose events are taken apart already. */
  chunkReader(asked: Asked): ChunkReader;
};

/**
 * One kind of provider. Pure: it builds requests and reads answers, and never sends anything.
 * The hub is OpenAI's chat shape; `wire` says which caller's shape can pass through it byte for byte.
 */
export type Provider = {
  readonly id: ProviderId;
  readonly label: string;
  readonly wire: "openai" | "anthropic" | "other";
  readonly passThrough?: PassThrough;
  /** `warnings` name what the provider cannot do and was left out of the request. Throws `AppError("unprocessable")` when nothing sensible can be sent. */
  chatRequest(
    upstream: Upstream,
    request: ChatRequest,
  ): Promise<UpstreamRequest & { readonly warnings: readonly string[] }>;
  readChat(body: Buffer, asked: { model: string; now: number }): ChatResponse;
  streamReader(asked: Asked): StreamReader;
  embeddingRequest?(upstream: Upstream, request: EmbeddingRequest): Promise<UpstreamRequest>;
  readEmbeddings?(body: Buffer, asked: { model: string; request: EmbeddingRequest }): EmbeddingResponse;
  completionRequest?(upstream: Upstream, request: CompletionRequest): Promise<UpstreamRequest>;
  /** `body` is a request in Anthropic's shape, as `/v1/messages/count_tokens` takes it. */
  countTokensRequest?(upstream: Upstream, body: Record<string, unknown>): Promise<UpstreamRequest>;
  /** The number in the answer to `countTokensRequest`; null when there is none. */
  readTokenCount?(body: Buffer): number | null;
  /** A cheap call that shows whether address and key work, and how its answer names models. */
  modelsRequest(upstream: Upstream): Promise<UpstreamRequest>;
  readModels(body: Buffer): string[];
  readError(status: number, body: Buffer): UpstreamError;
};

/** An error that arrived inside a stream that had begun with a 200. */
export class UpstreamStreamError extends Error {
  override readonly name = "UpstreamStreamError";
  readonly upstream: UpstreamError;

  constructor(upstream: UpstreamError) {
    super(upstream.message);
    this.upstream = upstream;
  }
}
