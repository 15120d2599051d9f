import { otlpApi, spanObjectsApi } from "@treadle/contract";
import type { Call } from "../../../../kernel/call.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Sink } from "../../../../kernel/sink.ts";
import { mount } from "../../../../platform/http/handlers.ts";
import type { Signal } from "./digest/decode-request.ts";
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

/** A browser must never take what a sender sent for a page of ours. */
const OBJECT_HEADERS = {
  "content-type": "application/octet-stream",
  "content-disposition": "attachment",
  "cache-control": "private, max-age=31536000, immutable",
};

export const spanObjectRoutes = (otlp: Otlp) =>
  mount(spanObjectsApi, {
    "GET /api/v1/traces/:traceId/spans/:spanId/objects/:sha256": async ({ scope, params, sink }) => {
      const content = await otlp.openObject(scope, params);
      sink.head(200, OBJECT_HEADERS);
      for await (const chunk of content) if (!sink.write(chunk)) await sink.drained();
      sink.end();
    },
  });

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
