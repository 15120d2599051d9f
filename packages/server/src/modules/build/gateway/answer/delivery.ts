import type { ChatResponse, Usage } from "../formats/hub/hub.ts";

/** How a call ended, for its span, its price and the cache. */
export type CallResult = {
  readonly status: "ok" | "error" | "cancelled";
  readonly errorType: string;
  readonly errorMessage: string;
  /** The received part of the answer in the hub's format. Null for embeddings and if there was none. */
  readonly response: ChatResponse | null;
  /** For embeddings only, instead of `response`. */
  readonly embeddings: { readonly model: string; readonly usage: Usage | null } | null;
};

/** An answer that was sent. `result` reads it, once the caller has all of it. */
export type Delivery = {
  /** On the monotonic clock; null when no token was sent. */
  readonly firstTokenAt: number | null;
  /** True for a stream that broke after its first byte, and when the caller disconnected. */
  readonly isBroken: boolean;
  /** The body, when it was one whole answer in the caller's format. */
  readonly body: Buffer | string | null;
  result(): CallResult;
};

const OK = { status: "ok", errorType: "", errorMessage: "" } as const;

export const okResult = (response: ChatResponse): CallResult => ({ ...OK, response, embeddings: null });
export const embeddingsResult = (embeddings: NonNullable<CallResult["embeddings"]>): CallResult => ({
  ...OK,
  response: null,
  embeddings,
});
export const cancelledResult = (response: ChatResponse | null): CallResult => ({
  status: "cancelled",
  errorType: "cancelled",
  errorMessage: "The caller disconnected before the answer was complete.",
  response,
  embeddings: null,
});
export const errorResult = (errorType: string, errorMessage: string, response: ChatResponse | null): CallResult => ({
  status: "error",
  errorType,
  errorMessage,
  response,
  embeddings: null,
});
