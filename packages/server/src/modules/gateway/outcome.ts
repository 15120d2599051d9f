import type { ChatRequest } from "@treadle/contract";
import type { AnyRequest } from "./any-request.ts";
import type { Call, WireId } from "./call.ts";
import type { UpstreamHeaders, UpstreamStream } from "./open-upstream.ts";
import type { ChatChunk, ChatResponse, ChunkReader, EmbeddingResponse, Provider } from "./providers/provider.ts";
import { chatWire, completionsWire, messagesWire, responsesWire } from "./wires/index.ts";
import type { Wire } from "./wires/wire.ts";

/** What a try that went well gives. The first two are the provider's own bytes, in the caller's shape already. */
export type Outcome =
  | { readonly kind: "bytes"; readonly body: Buffer; readonly headers: UpstreamHeaders; readonly provider: Provider }
  | {
      readonly kind: "stream";
      readonly stream: UpstreamStream;
      readonly headers: UpstreamHeaders;
      readonly reader: ChunkReader;
      readonly hidesUsage: boolean;
    }
  | { readonly kind: "response"; readonly response: ChatResponse }
  | { readonly kind: "chunks"; readonly chunks: AsyncIterable<ChatChunk> }
  | { readonly kind: "embeddings"; readonly response: EmbeddingResponse };

// The contract has checked that a request has the shape of its route before a wire sees it.
const WIRES = {
  chat: chatWire,
  completions: completionsWire,
  responses: responsesWire,
  messages: messagesWire,
} as unknown as Readonly<Record<Exclude<WireId, "embeddings">, Wire<AnyRequest>>>;

export const wireOf = (id: Exclude<WireId, "embeddings">): Wire<AnyRequest> => WIRES[id];

/** The request in the hub's shape, made once a call. Throws `invalid_request` or `unprocessable` as the wire does. */
export function hubRequest(call: Call): ChatRequest {
  if (call.hub) return call.hub;
  if (call.wire === "embeddings") throw new Error("an embedding request has no chat shape");
  call.hub = wireOf(call.wire).toChat(call.request);
  return call.hub;
}

/** What had to be left out of the request on its way over the hub, before what the provider could not be given. */
export function warningsOf(call: Call, ofProvider: readonly string[]): readonly string[] {
  const ofWire = call.wire === "embeddings" ? undefined : wireOf(call.wire).leftOut?.(call.request);
  return ofWire && ofWire.length > 0 ? [...ofWire, ...ofProvider] : ofProvider;
}
