// Arize's OpenInference: its instrumentation of OpenAI, and its helpers for tools, users and sessions.

import * as core from "@arizeai/openinference-core";
import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { context, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import OpenAI from "openai";
import { headers, plan, sessionId, tags, talk, target, userId, weatherIn } from "./talk.mjs";

const exporter = new OTLPTraceExporter({ url: `${target}/v1/traces`, headers });
const resource = resourceFromAttributes({ "service.name": "weather", "openinference.project.name": "weather" });
const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
provider.register();
new OpenAIInstrumentation().manuallyInstrument(OpenAI);

let active = core.setSession(context.active(), { sessionId });
active = core.setUser(active, { userId });
active = core.setTags(active, tags);
active = core.setMetadata(active, { plan });
await context.with(active, async () => {
  const attributes = {
    ...core.getAttributesFromContext(active),
    "openinference.span.kind": "AGENT",
    "input.value": "hello there",
  };
  await trace.getTracer("weather").startActiveSpan("agent", { attributes }, async (span) => {
    await talk(
      new OpenAI(),
      core.traceTool(async (given) => weatherIn(given), { name: "get_weather" }),
    );
    span.end();
  });
  const found = {
    ...core.getAttributesFromContext(active),
    "openinference.span.kind": "RETRIEVER",
    "input.value": "weather",
    "retrieval.documents.0.document.id": "d1",
    "retrieval.documents.0.document.content": "Sunny.",
    "retrieval.documents.0.document.score": 0.9,
  };
  trace.getTracer("weather").startSpan("retrieve", { attributes: found }).end();
});
await provider.shutdown();
