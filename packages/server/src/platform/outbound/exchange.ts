import type { Dispatcher } from "undici";
import { toOutboundError } from "./outbound-errors.ts";
import { OutboundError, type OutboundErrorKind, type OutboundHandler, type OutboundRequest } from "./port.ts";

/** Where a URL leads: `origin` picks the pool, `host` is named in errors. */
export type Place = { readonly origin: string; readonly path: string; readonly host: string };

const WORDS = {
  connect_timeout: "took too long to accept a connection",
  first_byte_timeout: "took too long to begin its answer",
  idle_timeout: "stopped in the middle of its answer",
  total_timeout: "took too long for its whole answer",
} as const;

/** One request and its answer, every wait bounded. undici's own timers are right to a second only, so the waits are kept here. */
export function startExchange(
  dispatcher: Dispatcher,
  place: Place,
  { request, handler }: { request: OutboundRequest; handler: OutboundHandler },
) {
  const { timeouts, signal } = request;
  let controller: Dispatcher.DispatchController | null = null;
  let isOver = false;
  let phaseTimer: NodeJS.Timeout | undefined;
  let totalTimer: NodeJS.Timeout | undefined;

  function finish(): boolean {
    if (isOver) return false;
    isOver = true;
    clearTimeout(phaseTimer);
    clearTimeout(totalTimer);
    signal?.removeEventListener("abort", abort);
    return true;
  }
  function fail(kind: OutboundErrorKind, message: string) {
    if (!finish()) return;
    const error = new OutboundError(kind, message);
    controller?.abort(error);
    handler.onError(error);
  }
  const expire = (kind: keyof typeof WORDS) => fail(kind, `${place.host} ${WORDS[kind]}`);
  const abort = () => fail("aborted", "The request was given up.");
  function wait(kind: "connect_timeout" | "first_byte_timeout", milliseconds: number) {
    clearTimeout(phaseTimer);
    phaseTimer = setTimeout(expire, milliseconds, kind);
  }

  /** When the last piece of the body came: cheaper to write down than to set a timer anew for every piece. */
  let heardAt = 0;
  function listenOn() {
    const left = heardAt + timeouts.idleMs - performance.now();
    clearTimeout(phaseTimer);
    if (left <= 0) expire("idle_timeout");
    else phaseTimer = setTimeout(listenOn, left);
  }

  const listener: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (isOver) return started.abort(new OutboundError("aborted", "The request was given up."));
      wait("first_byte_timeout", timeouts.firstByteMs);
      totalTimer = setTimeout(expire, timeouts.totalMs, "total_timeout");
    },
    onResponseStart(_started, status, headers) {
      if (isOver || status < 200) return;
      handler.onHead(status, headers as Record<string, string | string[]>);
      heardAt = performance.now();
      if (!isOver) listenOn();
    },
    onResponseData(started, chunk) {
      if (isOver) return;
      heardAt = performance.now();
      if (handler.onData(chunk)) return;
      // A receiver that is slow is not the upstream's silence.
      clearTimeout(phaseTimer);
      started.pause();
    },
    onResponseEnd() {
      if (finish()) handler.onEnd();
    },
    onResponseError(_started, error) {
      if (finish()) handler.onError(toOutboundError(error, place.host));
    },
  };

  wait("connect_timeout", timeouts.connectMs);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) queueMicrotask(abort);
  else dispatcher.dispatch(toDispatch(request, place), listener);
  return {
    abort,
    resume() {
      if (isOver) return;
      heardAt = performance.now();
      listenOn();
      controller?.resume();
    },
  };
}

const toDispatch = (
  { method, headers, body }: OutboundRequest,
  { origin, path }: Place,
): Dispatcher.DispatchOptions => ({
  origin,
  path,
  method,
  // An encoding we did not ask for would have to be undone before anything could be read or passed on.
  headers: { ...headers, "accept-encoding": "identity" },
  body: body === undefined || body.length === 0 ? null : body,
  headersTimeout: 0,
  bodyTimeout: 0,
});
