import type { ChatResponse, Usage } from "./providers/provider.ts";

/** What became of a call, for its span, its price and the cache. */
export type Settled = {
  readonly status: "ok" | "error" | "cancelled";
  readonly errorType: string;
  readonly errorMessage: string;
  /** The answer in the hub's shape, as far as it came; null for embeddings and when there was none. */
  readonly response: ChatResponse | null;
  /** Embeddings only: what `response` says for the others. */
  readonly embeddings: { readonly model: string; readonly usage: Usage | null } | null;
};

/** What has been sent; `settle` reads it, after the caller has everything. */
export type Delivery = {
  /** On the clock that never jumps; null when no token came. */
  readonly firstTokenAt: number | null;
  /** True for a stream that broke after its first byte, or a caller who left. */
  readonly isBroken: boolean;
  /** The body that was sent, when it was one whole answer in the caller's shape. */
  readonly body: Buffer | string | null;
  settle(): Settled;
};

const FINE = { status: "ok", errorType: "", errorMessage: "" } as const;

export const settledWith = (response: ChatResponse): Settled => ({ ...FINE, response, embeddings: null });
export const settledEmbeddings = (embeddings: NonNullable<Settled["embeddings"]>): Settled => ({
  ...FINE,
  response: null,
  embeddings,
});
export const settledCancelled = (response: ChatResponse | null): Settled => ({
  status: "cancelled",
  errorType: "cancelled",
  errorMessage: "The caller went away before the answer was whole.",
  response,
  embeddings: null,
});
export const settledError = (errorType: string, errorMessage: string, response: ChatResponse | null): Settled => ({
  status: "error",
  errorType,
  errorMessage,
  response,
  embeddings: null,
});
