// OpenTelemetry's own instrumentation of OpenAI, which writes what was said as log records beside the spans.
process.env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT = "true";
const { context, propagation, trace } = require("@opentelemetry/api");
const kind = process.argv[2] ?? "proto";
const { OTLPLogExporter } = require(`@opentelemetry/exporter-logs-otlp-${kind}`);
const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${kind}`);
const { OpenAIInstrumentation } = require("@opentelemetry/instrumentation-openai");
const { BatchLogRecordProcessor } = require("@opentelemetry/sdk-logs");
const { NodeSDK } = require("@opentelemetry/sdk-node");
const { BatchSpanProcessor } = require("@opentelemetry/sdk-trace-base");

const headers = { authorization: `Bearer ${process.env.TREADLE_KEY}` };
const url = process.env.TREADLE_URL;
// Over gRPC the key comes from the environment, as its exporters take no headers.
process.env.OTEL_EXPORTER_OTLP_HEADERS = `authorization=Bearer%20${process.env.TREADLE_KEY}`;
const target = (path) => (kind === "grpc" ? { url: process.env.TREADLE_GRPC_URL } : { url: url + path, headers });
// The instrumentation names nobody: who asked goes along as baggage, and is written on each span.
const stamp = {
  onStart(span, active) {
    for (const [key, { value }] of propagation.getBaggage(active)?.getAllEntries() ?? []) span.setAttribute(key, value);
  },
  onEnd() {},
  forceFlush: async () => {},
  shutdown: async () => {},
};
const sdk = new NodeSDK({
  serviceName: "weather",
  spanProcessors: [stamp, new BatchSpanProcessor(new OTLPTraceExporter(target("/v1/traces")))],
  logRecordProcessors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(target("/v1/logs")) })],
  instrumentations: [new OpenAIInstrumentation()],
});
sdk.start();
const OpenAI = require("openai");

async function send() {
  const { talk, userId, sessionId } = await import("./talk.mjs");
  const who = propagation.createBaggage({ "user.id": { value: userId }, "session.id": { value: sessionId } });
  await context.with(propagation.setBaggage(context.active(), who), () =>
    trace.getTracer("weather").startActiveSpan("POST /weather", async (span) => {
      await talk(new OpenAI());
      span.end();
    }),
  );
  await sdk.shutdown();
}
send();
