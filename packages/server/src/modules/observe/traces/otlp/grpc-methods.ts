import { otlpApi } from "@treadle/contract";
import type { GrpcMethod } from "../../../../platform/grpc/port.ts";
import type { Signal } from "./digest/decode-request.ts";
import { encodeReply } from "./encode-reply.ts";
import type { Otlp } from "./service.ts";

const SERVICES = { traces: "trace.v1.TraceService", logs: "logs.v1.LogsService", metrics: "metrics.v1.MetricsService" };

/** OTLP over gRPC: what the paths of HTTP take, by the same permissions. */
export const otlpMethods = (otlp: Otlp): readonly GrpcMethod[] =>
  (["traces", "logs", "metrics"] as const satisfies readonly Signal[]).map((signal) => ({
    path: `/opentelemetry.proto.collector.${SERVICES[signal]}/Export`,
    permission: otlpApi[`POST /v1/${signal}`].permission,
    async handle(scope, bytes) {
      return encodeReply(signal, await otlp.receive(scope, { signal, isProtobuf: true, bytes }), true);
    },
  }));
