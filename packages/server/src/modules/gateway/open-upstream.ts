import type { Outbound, OutboundError, OutboundRequest } from "../../platform/outbound/port.ts";
import { TryFailure } from "./try-failure.ts";

export type UpstreamHeaders = Readonly<Record<string, string | string[]>>;

export type StreamListener = {
  /** False asks for a pause until `resume`. */
  onBytes(chunk: Buffer): boolean;
  onEnd(): void;
  onError(error: OutboundError): void;
};
/** A stream that has begun. What arrived before `listen` is kept and given first. */
export type UpstreamStream = {
  /** What had arrived when the stream was handed over: at least one event. */
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

/** The largest answer that is read whole, in bytes; a batch of embeddings is some tens of megabytes. */
const MAX_WHOLE_BYTES = 128 * 1024 * 1024;
/** Some providers send comments while a request waits. After this long the caller gets them, and no other provider is tried. */
const COMMENT_PATIENCE_MS = 10_000;
/** A first event that is longer is passed on in pieces: looking for its end again and again would hold everybody up. */
const MAX_WAITING_BYTES = 1024 * 1024;

type Open = { readonly reply: Promise<UpstreamReply>; abort(): void };

/**
 * Sends a request and resolves with its whole answer, or, when a stream was asked for and comes, with the stream at its
 * first event: until then nothing has reached the caller, and another provider can still take over.
 * Rejects with `OutboundError` or `TryFailure`.
 */
export function openUpstream(outbound: Pick<Outbound, "dispatch">, request: OutboundRequest, isStream: boolean): Open {
  const { promise, resolve, reject } = Promise.withResolvers<UpstreamReply>();
  let status = 0;
  let headers: UpstreamHeaders = {};
  let chunks: Buffer[] = [];
  let size = 0;
  let headAt = 0;
  let isLive = false;
  let listener: StreamListener | null = null;
  let ended: "open" | "end" | OutboundError = "open";

  function begin() {
    const head = join(chunks);
    chunks = [];
    isLive = true;
    resolve({
      kind: "stream",
      status,
      headers,
      stream: { head, listen, resume: exchange.resume, abort: exchange.abort },
    });
  }
  function listen(given: StreamListener) {
    listener = given;
    for (const chunk of chunks) given.onBytes(chunk);
    chunks = [];
    if (ended === "end") given.onEnd();
    else if (ended !== "open") given.onError(ended);
  }

  const exchange = outbound.dispatch(request, {
    onHead(givenStatus, givenHeaders) {
      status = givenStatus;
      headers = givenHeaders;
      headAt = performance.now();
    },
    onData(chunk) {
      if (listener) return listener.onBytes(chunk);
      chunks.push(chunk);
      if (isLive) return true;
      size += chunk.length;
      if (isStream && isStreaming(status, headers)) {
        if (size > MAX_WAITING_BYTES || hasEvent(chunks, headers) || performance.now() - headAt > COMMENT_PATIENCE_MS)
          begin();
        return true;
      }
      if (size <= MAX_WHOLE_BYTES) return true;
      reject(
        new TryFailure(`The provider's answer is larger than ${MAX_WHOLE_BYTES} bytes.`, {
          kind: "too_large",
          status: 0,
        }),
      );
      exchange.abort();
      return false;
    },
    onEnd() {
      ended = "end";
      if (listener) listener.onEnd();
      else if (!isLive) resolve({ kind: "whole", status, headers, body: join(chunks) });
    },
    onError(error) {
      ended = error;
      if (listener) listener.onError(error);
      else if (!isLive) reject(error);
    },
  });
  return { reply: promise, abort: exchange.abort };
}

const join = (chunks: readonly Buffer[]): Buffer => {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks);
};

/** A provider that answers JSON to a request for a stream has sent the whole answer, or an error. */
const isStreaming = (status: number, headers: UpstreamHeaders) =>
  status === 200 && !String(headers["content-type"]).includes("json");

/** Whether a whole event with data is there. A binary stream has no lines to look for. */
function hasEvent(chunks: readonly Buffer[], headers: UpstreamHeaders): boolean {
  if (String(headers["content-type"]).includes("vnd.amazon.eventstream")) return true;
  return /(^|[\r\n])data:[\s\S]*?(\n\n|\r\r|\r\n\r\n)/.test(join(chunks).toString("latin1"));
}
