import type { ChatRequest, CompletionRequest, EmbeddingRequest, ProviderId } from "@treadle/contract";
import type { ChatResponse, ChunkReader, EmbeddingResponse, StreamReader, UpstreamError } from "../formats/hub/hub.ts";

/** The connection as a provider's adapter needs it. The key was selected for this attempt. */
export type Upstream = {
  readonly baseUrl: string;
  readonly preset: string;
  readonly key: string;
  readonly model: string;
  readonly region: string | null;
  readonly apiVersion: string | null;
  readonly accessKeyId: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it supports OpenAI's `stream_options.include_usage`. */
  readonly hasStreamUsage: boolean;
};

export type UpstreamRequest = {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

type Asked = { model: string; now: number; includeUsage: boolean };
/** For a provider whose own format callers can use too. */
export type PassThrough = {
  /**
   * Passes on a request in the provider's own format: only the URL and the credentials are added. `path` is the part
   * after the version in the caller's URL, such as `/chat/completions`, `/messages` or `/messages/count_tokens`.
   * `bytes` already contain the provider's name of the model, and become the body unchanged.
   */
  request(upstream: Upstream, path: string, bytes: Buffer): UpstreamRequest;
  /** Reads the events of a stream that passes through. */
  chunkReader(asked: Asked): ChunkReader;
};

/**
 * One kind of provider. Pure: it builds requests and reads answers, and never sends anything.
 * The hub is OpenAI's chat shape; `family` names the callers' formats that can pass through it unchanged.
 */
export type Provider = {
  readonly id: ProviderId;
  readonly label: string;
  readonly family: "openai" | "anthropic" | "other";
  readonly passThrough?: PassThrough;
  /** `warnings` name the parts that were left out because the provider does not support them. Throws `AppError("unprocessable")` if no useful request remains. */
  chatRequest(
    upstream: Upstream,
    request: ChatRequest,
  ): Promise<UpstreamRequest & { readonly warnings: readonly string[] }>;
  readChat(body: Buffer, asked: { model: string; now: number }): ChatResponse;
  streamReader(asked: Asked): StreamReader;
  embeddingRequest?(upstream: Upstream, request: EmbeddingRequest): Promise<UpstreamRequest>;
  readEmbeddings?(body: Buffer, asked: { model: string; request: EmbeddingRequest }): EmbeddingResponse;
  completionRequest?(upstream: Upstream, request: CompletionRequest): Promise<UpstreamRequest>;
  /** `body` is a request in Anthropic's format, as for `/v1/messages/count_tokens`. */
  countTokensRequest?(upstream: Upstream, body: Record<string, unknown>): Promise<UpstreamRequest>;
  /** The number in the response to `countTokensRequest`. Null if there is none. */
  readTokenCount?(body: Buffer): number | null;
  /** A cheap call that lists the models, and so shows whether the URL and the key work. */
  modelsRequest(upstream: Upstream): Promise<UpstreamRequest>;
  readModels(body: Buffer): string[];
  readError(status: number, body: Buffer): UpstreamError;
};
