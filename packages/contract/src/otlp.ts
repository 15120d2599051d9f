import { z } from "zod";
import { defineApi, type Route } from "./route.ts";

const PartialSuccess = z.object({
  rejectedSpans: z.string().optional(),
  rejectedLogRecords: z.string().optional(),
  rejectedDataPoints: z.string().optional(),
  errorMessage: z.string().optional(),
});

/** What an OTLP sender is answered. Numbers are texts, as protobuf writes them in JSON. */
const ExportResponse = z.object({ partialSuccess: PartialSuccess.optional() });

const receive = (name: string, summary: string) =>
  ({ name, summary, permission: "traces:write", response: ExportResponse, wire: "otlp" }) as const satisfies Route;

const TRACES = "Take spans of OpenTelemetry, as protobuf or JSON; the answer comes after they are on disk";
const LOGS = "Take log records of OpenTelemetry: those of its GenAI conventions join the spans they name";
const METRICS = "Answer senders of OpenTelemetry metrics, which are not kept";

/** OTLP over HTTP: at its own paths, and at those that SDKs put before them (`/otlp`, Langfuse's, LangSmith's). */
export const otlpApi = defineApi({
  "POST /v1/traces": receive("exportTraces", TRACES),
  "POST /otlp/v1/traces": receive("exportTracesBelowOtlp", TRACES),
  "POST /api/public/otel/v1/traces": receive("exportTracesOfLangfuse", TRACES),
  "POST /otel/v1/traces": receive("exportTracesOfLangSmith", TRACES),
  "POST /v1/logs": receive("exportLogs", LOGS),
  "POST /otlp/v1/logs": receive("exportLogsBelowOtlp", LOGS),
  "POST /api/public/otel/v1/logs": receive("exportLogsOfLangfuse", LOGS),
  "POST /otel/v1/logs": receive("exportLogsOfLangSmith", LOGS),
  "POST /v1/metrics": receive("exportMetrics", METRICS),
  "POST /otlp/v1/metrics": receive("exportMetricsBelowOtlp", METRICS),
  "POST /api/public/otel/v1/metrics": receive("exportMetricsOfLangfuse", METRICS),
  "POST /otel/v1/metrics": receive("exportMetricsOfLangSmith", METRICS),
});
