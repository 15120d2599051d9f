import { otlpApi } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { Sink } from "../../../kernel/sink.ts";
import { type Call, mount } from "../../../platform/http/handlers.ts";
import type { Signal } from "./digest.ts";
import { encodeReply } from "./encode-reply.ts";
import type { Otlp } from "./service.ts";

type Exchange = Pick<Call, "bytes" | "headers"> & { readonly scope: Scope; readonly sink: Sink };

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

/** The answer has the content type of the request. */
async function answer(otlp: Otlp, signal: Signal, { scope, bytes, headers, sink }: Exchange): Promise<void> {
  const isProtobuf = !(headers["content-type"] ?? "").toLowerCase().startsWith(JSON_TYPE);
  const outcome = await otlp.receive(scope, { signal, isProtobuf, bytes });
  sink.head(200, { "content-type": isProtobuf ? PROTOBUF : JSON_TYPE });
  sink.end(encodeReply(signal, outcome, isProtobuf));
}

export const otlpRoutes = (otlp: Otlp) => {
  const take = (signal: Signal) => (exchange: Exchange) => answer(otlp, signal, exchange);
  return mount(otlpApi, {
    "POST /v1/traces": take("traces"),
    "POST /otlp/v1/traces": take("traces"),
    "POST /api/public/otel/v1/traces": take("traces"),
    "POST /otel/v1/traces": take("traces"),
    "POST /v1/logs": take("logs"),
    "POST /otlp/v1/logs": take("logs"),
    "POST /api/public/otel/v1/logs": take("logs"),
    "POST /otel/v1/logs": take("logs"),
    "POST /v1/metrics": take("metrics"),
    "POST /otlp/v1/metrics": take("metrics"),
    "POST /api/public/otel/v1/metrics": take("metrics"),
    "POST /otel/v1/metrics": take("metrics"),
  });
};
