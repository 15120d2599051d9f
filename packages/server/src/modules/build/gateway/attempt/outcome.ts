import type { OutboundError } from "../../../../platform/outbound/port.ts";
import type { ChatChunk, ChatResponse, ChunkReader, EmbeddingResponse } from "../formats/hub/hub.ts";
import type { Provider } from "../providers/provider.ts";

export type UpstreamHeaders = Readonly<Record<string, string | string[]>>;

export type StreamListener = {
  /** Returns false to pause the stream until `resume`. */
  onBytes(chunk: Buffer): boolean;
  onEnd(): void;
  onError(error: OutboundError): void;
};
/** A stream that has begun. Bytes that arrive before `listen` are stored and delivered first. */
export type UpstreamStream = {
  /** The bytes that had arrived when the stream was handed over: at least one event. */
  readonly head: Buffer;
  listen(listener: StreamListener): void;
  resume(): void;
  abort(): void;
};
export type UpstreamReply =
  | { readonly kind: "whole"; readonly status: number; readonly headers: UpstreamHeaders; readonly body: Buffer }
  | {
      readonly kind: "stream";
      readonly status: number;
      readonly headers: UpstreamHeaders;
      readonly stream: UpstreamStream;
    };

/**
 * The result of a successful attempt. The first two kinds hold the provider's own bytes, already in the caller's format. After
 * guards, the caller's form of an answer can differ from the stored one: `shown` is the caller's, `stored` the stored one.
 */
export type Outcome =
  | { readonly kind: "bytes"; readonly body: Buffer; readonly headers: UpstreamHeaders; readonly provider: Provider }
  | {
      readonly kind: "stream";
      readonly stream: UpstreamStream;
      readonly headers: UpstreamHeaders;
      readonly reader: ChunkReader;
      readonly hidesUsage: boolean;
    }
  | {
      readonly kind: "response";
      readonly response: ChatResponse;
      readonly shown?: ChatResponse;
      readonly headers?: UpstreamHeaders;
    }
  | {
      readonly kind: "chunks";
      readonly chunks: AsyncIterable<ChatChunk>;
      readonly stored?: () => ChatResponse;
      readonly headers?: UpstreamHeaders;
    }
  | { readonly kind: "embeddings"; readonly response: EmbeddingResponse };

/** The result of one attempt. `warnings` name the parts of the request that the model did not receive. */
export type AttemptResult = { readonly warnings: readonly string[] } & (
  | { readonly outcome: Outcome }
  | { readonly error: unknown }
);
