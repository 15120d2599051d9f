import type { Clock } from "../../../../kernel/clock.ts";
import type { Outbound, OutboundError, OutboundRequest } from "../../../../platform/outbound/port.ts";
import type { Call } from "../request/read-call.ts";
import type { HttpTarget } from "../resolve/resolve-model.ts";
import { AttemptFailure } from "./attempt-failure.ts";
import { buildRequest, type PreparedRequest } from "./build-request.ts";
import { createModelLimits } from "./model-limits.ts";
import type { AttemptResult, Outcome, StreamListener, UpstreamHeaders, UpstreamReply } from "./outcome.ts";
import { readReply } from "./read-reply.ts";

type Deps = { readonly outbound: Pick<Outbound, "dispatch">; readonly clock: Clock };

/** The largest answer that is read whole, in bytes. A batch of embeddings takes tens of megabytes. */
const MAX_WHOLE_BYTES = 128 * 1024 * 1024;
/** Some providers send comments while a request waits. After this time the caller receives them, and no fallback is tried. */
const COMMENT_TIMEOUT_MS = 10_000;
/** A longer first event is passed on in parts: searching for its end again and again would block other calls. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Makes one attempt at a provider over HTTP. It is repeated with lower limits if the model refuses the ones of the request. */
export function createAskProvider({ outbound, clock }: Deps) {
  const limits = createModelLimits(clock);

  async function send(call: Call, target: HttpTarget, { request, passing }: PreparedRequest): Promise<Outcome> {
    const { timeouts } = target.connection;
    const reply = await openUpstream(outbound, { ...request, timeouts, signal: call.signal }, call.isStream);
    const asked = { model: target.model, now: clock.now() };
    return readReply(call, reply, { provider: target.provider, asked, passing });
  }

  /** Throws `AppError` when no request can be built. Later errors are in the result. */
  return async function askProvider(call: Call, target: HttpTarget, key: string): Promise<AttemptResult> {
    const model = `${target.connection.id} ${target.model}`;
    let prepared = await buildRequest(call, target, { key, fit: () => limits.fit(model, call.toChat()) });
    for (;;) {
      try {
        return { outcome: await send(call, target, prepared), warnings: prepared.warnings };
      } catch (error) {
        const { fitted, warnings } = prepared;
        const lower = fitted && error instanceof AttemptFailure ? limits.lower(model, fitted, error) : null;
        if (!lower || call.signal.aborted) return { error, warnings };
        prepared = await buildRequest(call, target, { key, fit: () => lower });
      }
    }
  };
}

/**
 * Sends a request and resolves with its whole answer, or with the stream at its first event if one was requested and comes.
 * Until then nothing has reached the caller, and another provider can still take over.
 * Rejects with `OutboundError` or `AttemptFailure`.
 */
function openUpstream(outbound: Deps["outbound"], request: OutboundRequest, isStream: boolean): Promise<UpstreamReply> {
  const { promise, resolve, reject } = Promise.withResolvers<UpstreamReply>();
  let status = 0;
  let headers: UpstreamHeaders = {};
  let chunks: Buffer[] = [];
  let size = 0;
  let headAt = 0;
  let isLive = false;
  let listener: StreamListener | null = null;
  let state: "open" | "ended" | OutboundError = "open";

  function begin() {
    const head = join(chunks);
    chunks = [];
    isLive = true;
    const stream = { head, listen, resume: exchange.resume, abort: exchange.abort };
    resolve({ kind: "stream", status, headers, stream });
  }
  function listen(newListener: StreamListener) {
    listener = newListener;
    for (const chunk of chunks) newListener.onBytes(chunk);
    chunks = [];
    if (state === "ended") newListener.onEnd();
    else if (state !== "open") newListener.onError(state);
  }

  const exchange = outbound.dispatch(request, {
    onHead(newStatus, newHeaders) {
      status = newStatus;
      headers = newHeaders;
      headAt = performance.now();
    },
    onData(chunk) {
      if (listener) return listener.onBytes(chunk);
      chunks.push(chunk);
      if (isLive) return true;
      size += chunk.length;
      if (isStream && isStreaming(status, headers)) {
        const hasWaited = performance.now() - headAt > COMMENT_TIMEOUT_MS;
        if (size > MAX_WAITING_BYTES || hasEvent(chunks, headers) || hasWaited) begin();
        return true;
      }
      if (size <= MAX_WHOLE_BYTES) return true;
      reject(tooLarge());
      exchange.abort();
      return false;
    },
    onEnd() {
      state = "ended";
      if (listener) listener.onEnd();
      else if (!isLive) resolve({ kind: "whole", status, headers, body: join(chunks) });
    },
    onError(error) {
      state = error;
      if (listener) listener.onError(error);
      else if (!isLive) reject(error);
    },
  });
  return promise;
}

const tooLarge = () =>
  new AttemptFailure(`The provider's answer is larger than ${MAX_WHOLE_BYTES} bytes.`, {
    kind: "too_large",
    status: 0,
  });

const join = (chunks: readonly Buffer[]): Buffer => {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks);
};

/** A provider that answers a streaming request with JSON has sent the whole answer, or an error. */
const isStreaming = (status: number, headers: UpstreamHeaders) =>
  status === 200 && !String(headers["content-type"]).includes("json");

/** Whether a whole event with data has arrived. A binary stream has no lines to search. */
function hasEvent(chunks: readonly Buffer[], headers: UpstreamHeaders): boolean {
  if (String(headers["content-type"]).includes("vnd.amazon.eventstream")) return true;
  return /(^|[\r\n])data:[\s\S]*?(\n\n|\r\r|\r\n\r\n)/.test(join(chunks).toString("latin1"));
}
