import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Metrics } from "../../metrics/port.ts";
import type { RequestCount } from "./request-count.ts";

/** The metrics and log fields of an endpoint. */
export type Label = { readonly method: string; readonly route: string; readonly isQuiet: boolean };

/** One request and its answer, from the first header to the last byte or the caller's leaving. */
export type Exchange = {
  readonly requestId: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborted when the caller goes away before the answer is whole, or when the server must stop. */
  readonly controller: AbortController;
  scope: Scope | null;
  /** True for a stream that only ends when someone ends it, so that a stop does not wait for it. */
  isEndless: boolean;
};

declare module "fastify" {
  interface FastifyRequest {
    exchange: Exchange;
  }
  interface FastifyContextConfig {
    /** True where bodies are OTLP, which may also be protobuf. */
    takesOtlp?: boolean;
    /** True where bodies are bytes of any content type. */
    takesBytes?: boolean;
    maxBytes?: number | undefined;
    /** True where pages of every site may call. */
    takesAnyOrigin?: boolean;
  }
}

/** With its place among those that are open. */
type Followed = Exchange & { place: number };

const WAIT_MS = 25;

/**
 * The active exchanges. A list, not a Set: a Set with frequent insertions and deletions allocates new tables. A dead
 * table in the old generation retains everything added later, so every request would live until the next full garbage
 * collection.
 */
function createOpen() {
  const list: Followed[] = [];
  return {
    list,
    add(exchange: Followed): void {
      exchange.place = list.length;
      list.push(exchange);
    },
    remove(exchange: Followed): void {
      const last = list.pop();
      if (last === undefined || last === exchange) return;
      list[exchange.place] = last;
      last.place = exchange.place;
    },
  };
}

type Noted = {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly requests: Pick<RequestCount, "add">;
};

/** Follows every exchange: measures it, logs it without a word of its content, and lets a stop wait for it. */
export function createTraffic({ clock, log, metrics, requests }: Noted) {
  const open = createOpen();
  let isDraining = false;
  const seconds = metrics.histogram({
    name: "treadle_http_request_seconds",
    help: "Requests by endpoint and status, with the time until the last byte was sent",
    labels: ["method", "route", "status"],
  });
  metrics.gauge({
    name: "treadle_http_open_requests",
    help: "Requests in progress",
    read: () => [{ labels: {}, value: open.list.length }],
  });

  function finish(exchange: Followed, { method, route, isQuiet }: Label, startedAt: number) {
    open.remove(exchange);
    const { response, requestId, scope } = exchange;
    const isWhole = response.writableFinished;
    if (!isWhole) exchange.controller.abort();
    const ms = clock.elapsed() - startedAt;
    const status = isWhole ? response.statusCode : 499;
    seconds.observe({ method, route, status: String(status) }, ms / 1_000);
    const entry = { method, route, status, ms: Math.round(ms * 10) / 10, requestId, projectId: scope?.projectId ?? "" };
    if (isQuiet && status < 400) log.debug(entry, "request");
    else log.info(entry, "request");
  }

  return {
    begin(
      { requestId, request, response }: Pick<Exchange, "requestId" | "request" | "response">,
      label: Label,
    ): Exchange {
      const exchange: Followed = {
        requestId,
        request,
        response,
        controller: new AbortController(),
        scope: null,
        isEndless: false,
        place: 0,
      };
      const startedAt = clock.elapsed();
      open.add(exchange);
      if (label.method !== "GET") requests.add();
      if (isDraining) response.shouldKeepAlive = false;
      response.on("close", () => finish(exchange, label, startedAt));
      return exchange;
    },
    /** Waits at most `ms` for active requests, then aborts the rest. */
    async drain(ms: number) {
      isDraining = true;
      for (const { response, controller, isEndless } of [...open.list]) {
        if (!response.headersSent) response.shouldKeepAlive = false;
        if (isEndless) controller.abort();
      }
      const deadline = clock.elapsed() + ms;
      while (open.list.length > 0 && clock.elapsed() < deadline)
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      for (const { controller } of [...open.list]) controller.abort();
    },
  };
}
export type Traffic = ReturnType<typeof createTraffic>;
