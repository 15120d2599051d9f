import type { Module } from "../../../kernel/module.ts";
import { otlpRoutes, spanObjectRoutes } from "./otlp/routes.ts";
import { createOtlp, type Otlp, type OtlpDeps } from "./otlp/service.ts";
import { conversationRoutes, traceRoutes } from "./routes.ts";
import { senderRoutes } from "./senders/routes.ts";
import { createSenders, type Senders, type SendersDeps } from "./senders/service.ts";
import { createTraces, type Traces, type TracesDeps } from "./service.ts";

export function openTraces(deps: TracesDeps): Module<Traces> {
  const api = createTraces(deps);
  return { api, routes: [traceRoutes(api), conversationRoutes(api)] };
}

/** Spans, logs and metrics that come over OTLP. */
export function openOtlp(deps: OtlpDeps): Module<Otlp> {
  const api = createOtlp(deps);
  return { api, routes: [otlpRoutes(api), spanObjectRoutes(api)], close: api.close };
}

/** The programs that send traces, and a check of a new one. */
export function openSenders(deps: SendersDeps): Module<Senders> {
  const api = createSenders(deps);
  return { api, routes: [senderRoutes(api)] };
}
