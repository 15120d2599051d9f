// Plain OpenTelemetry with the attribute names of its GenAI conventions, through any of its exporters.
import { SpanStatusCode, trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { headers, model, sessionId, target, userId } from "./talk.mjs";

const exporter = { json: "http", proto: "proto", grpc: "grpc" }[process.argv[2]];
const { OTLPTraceExporter } = await import(`@opentelemetry/exporter-trace-otlp-${exporter}`);
process.env.OTEL_EXPORTER_OTLP_HEADERS = `authorization=Bearer%20${process.env.TREADLE_KEY}`;
const way = exporter === "grpc" ? { url: process.env.TREADLE_GRPC_URL } : { url: `${target}/v1/traces`, headers };
const traceExporter = new OTLPTraceExporter({ ...way, compression: "gzip" });
const sdk = new NodeSDK({ serviceName: "weather", traceExporter, instrumentations: [] });
sdk.start();

const tracer = trace.getTracer("weather", "1.0.0");
const messagesJson = (role, content) => JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
const chat = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": model,
  "gen_ai.response.model": model,
  "gen_ai.request.temperature": 0.2,
  "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: "be brief" }]),
  "gen_ai.input.messages": messagesJson("user", "hello there"),
  "gen_ai.output.messages": messagesJson("assistant", "You said: hello there"),
  "gen_ai.usage.input_tokens": 11,
  "gen_ai.usage.output_tokens": 7,
  "gen_ai.usage.cache_read.input_tokens": 3,
  "gen_ai.usage.reasoning.output_tokens": 2,
};
const asker = { "user.id": userId, "session.id": sessionId };

tracer.startActiveSpan(
  "invoke_agent weather",
  { attributes: { "gen_ai.operation.name": "invoke_agent", ...asker } },
  (root) => {
    tracer.startActiveSpan(`chat ${model}`, { attributes: { ...chat, ...asker } }, (span) => {
      span.addEvent("gen_ai.evaluation.result", {
        "gen_ai.evaluation.name": "relevance",
        "gen_ai.evaluation.score.value": 0.8,
      });
      span.end();
    });
    tracer.startActiveSpan("broken", (span) => {
      span.recordException(new TypeError("out of stock"));
      span.setStatus({ code: SpanStatusCode.ERROR, message: "out of stock" });
      span.end();
    });
    root.end();
  },
);
await sdk.shutdown();
