import type { Dispatcher } from "undici";
import { toOutboundError } from "./outbound-errors.ts";
import { OutboundError, type OutboundErrorKind, type OutboundHandler, type OutboundRequest } from "./port.ts";
import { createWatch, type Overdue } from "./watch-exchange.ts";

/** Where a URL leads: `origin` picks the pool, `host` is named in errors. */
export type Place = { readonly origin: string; readonly path: string; readonly host: string };

const WORDS: Readonly<Record<Overdue, string>> = {
  connect_timeout: "took too long to accept a connection",
  first_byte_timeout: "took too long to start its response",
  idle_timeout: "stopped in the middle of its response",
  total_timeout: "took too long to send its complete response",
};

/**
 * One request and its response, with a limit on every wait. undici's own timers have a precision of a second, so the
 * waits are measured here.
 */
export function startExchange(
  dispatcher: Dispatcher,
  place: Place,
  { request, handler }: { request: OutboundRequest; handler: OutboundHandler },
) {
  const { timeouts, signal } = request;
  let controller: Dispatcher.DispatchController | null = null;
  let isOver = false;

  function finish(): boolean {
    if (isOver) return false;
    isOver = true;
    watch.end();
    signal?.removeEventListener("abort", abort);
    return true;
  }
  function fail(kind: OutboundErrorKind, message: string) {
    if (!finish()) return;
    const error = new OutboundError(kind, message);
    controller?.abort(error);
    handler.onError(error);
  }
  const abort = () => fail("aborted", "The request was canceled.");
  const watch = createWatch(timeouts, (kind) => fail(kind, `${place.host} ${WORDS[kind]}`));

  const listener: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (isOver) return started.abort(new OutboundError("aborted", "The request was canceled."));
      watch.connected();
    },
    onResponseStart(_started, status, headers) {
      if (isOver || status < 200) return;
      handler.onHead(status, headers as Record<string, string | string[]>);
      if (!isOver) watch.heard();
    },
    onResponseData(started, chunk) {
      if (isOver) return;
      watch.heard();
      if (handler.onData(chunk)) return;
      // A receiver that is slow is not the upstream's silence.
      watch.rest();
      started.pause();
    },
    onResponseEnd() {
      if (finish()) handler.onEnd();
    },
    onResponseError(_started, error) {
      if (finish()) handler.onError(toOutboundError(error, place.host));
    },
  };

  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) queueMicrotask(abort);
  else dispatcher.dispatch(toDispatch(request, place), listener);
  return {
    abort,
    resume() {
      if (isOver) return;
      watch.heard();
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
