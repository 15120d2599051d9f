// OpenTelemetry's own instrumentation of OpenAI, which writes what was said as log records beside the spans.
process.env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT = "true";
const { trace } = require("@opentelemetry/api");
const { OTLPLogExporter } = require("@opentelemetry/exporter-logs-otlp-proto");
const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-proto");
const { OpenAIInstrumentation } = require("@opentelemetry/instrumentation-openai");
const { BatchLogRecordProcessor } = require("@opentelemetry/sdk-logs");
const { NodeSDK } = require("@opentelemetry/sdk-node");

const headers = { authorization: `Bearer ${process.env.TREADLE_KEY}` };
const url = process.env.TREADLE_URL;
const sdk = new NodeSDK({
  serviceName: "weather",
  traceExporter: new OTLPTraceExporter({ url: `${url}/v1/traces`, headers }),
  logRecordProcessors: [
    new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${url}/v1/logs`, headers }) }),
  ],
  instrumentations: [new OpenAIInstrumentation()],
});
sdk.start();
const OpenAI = require("openai");

async function send() {
  const { talk, userId, sessionId } = await import("./talk.mjs");
  const attributes = { "user.id": userId, "session.id": sessionId };
  await trace.getTracer("weather").startActiveSpan("POST /weather", { attributes }, async (span) => {
    await talk(new OpenAI());
    span.end();
  });
  await sdk.shutdown();
}
send();
