import { z } from "zod";
import { defineApi, type Route } from "../route.ts";

const PartialSuccess = z.object({
  rejectedSpans: z.string().optional(),
  rejectedLogRecords: z.string().optional(),
  rejectedDataPoints: z.string().optional(),
  errorMessage: z.string().optional(),
});

/** What an OTLP sender is answered. Numbers are texts, as protobuf writes them in JSON. */
export const OtlpResponse = z.object({ partialSuccess: PartialSuccess.optional() });

const SAME =
  "A request has at most 64 MiB after decompression. The paths below `/otlp`, `/otel` and `/api/public/otel` are the same operation, for SDKs that put these before OTLP's own path.";

const receive = (name: string, summary: string) =>
  ({
    name,
    summary,
    permission: "traces:write",
    description: SAME,
    response: OtlpResponse,
    wire: "otlp",
  }) as const satisfies Route;

const TRACES = "Take spans of OpenTelemetry, as protobuf or JSON; the answer comes after they are on disk";
const LOGS = "Take log records of OpenTelemetry: those of its GenAI conventions join the spans they name";
const METRICS = "Answer senders of OpenTelemetry metrics, which are not kept";

/** OTLP over HTTP: at its own paths, and at those that SDKs put before them (`/otlp`, Langfuse's, LangSmith's). */
export const otlpApi = defineApi({
  "POST /v1/traces": receive("receiveTraces", TRACES),
  "POST /otlp/v1/traces": receive("receiveTracesBelowOtlp", TRACES),
  "POST /api/public/otel/v1/traces": receive("receiveTracesOfLangfuse", TRACES),
  "POST /otel/v1/traces": receive("receiveTracesOfLangSmith", TRACES),
  "POST /v1/logs": receive("receiveLogs", LOGS),
  "POST /otlp/v1/logs": receive("receiveLogsBelowOtlp", LOGS),
  "POST /api/public/otel/v1/logs": receive("receiveLogsOfLangfuse", LOGS),
  "POST /otel/v1/logs": receive("receiveLogsOfLangSmith", LOGS),
  "POST /v1/metrics": receive("receiveMetrics", METRICS),
  "POST /otlp/v1/metrics": receive("receiveMetricsBelowOtlp", METRICS),
  "POST /api/public/otel/v1/metrics": receive("receiveMetricsOfLangfuse", METRICS),
  "POST /otel/v1/metrics": receive("receiveMetricsOfLangSmith", METRICS),
});
