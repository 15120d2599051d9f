// Vercel's AI SDK with telemetry enabled.
import { createOpenAI } from "@ai-sdk/openai";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { embedMany, generateText, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import { headers, model as modelName, plan, sessionId, tags, target, userId, weatherIn } from "./talk.mjs";

const traceExporter = new OTLPTraceExporter({ url: `${target}/v1/traces`, headers });
const sdk = new NodeSDK({ serviceName: "weather", traceExporter, instrumentations: [] });
sdk.start();

const openai = createOpenAI();
const model = openai.chat(modelName);
const experimental_telemetry = { isEnabled: true, functionId: "greet", metadata: { userId, sessionId, tags, plan } };
const common = { model, system: "be brief", maxRetries: 0, experimental_telemetry };
const get_weather = tool({
  description: "The weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute: async (given) => weatherIn(given),
});

await generateText({ ...common, prompt: "hello there", temperature: 0.2 });
const { textStream } = streamText({ ...common, prompt: "hello there" });
for await (const _text of textStream);
await generateText({ ...common, prompt: "weather in Paris", tools: { get_weather }, stopWhen: stepCountIs(2) });
const embedding = openai.embedding(modelName);
await embedMany({ model: embedding, values: ["Paris", "Berlin"], maxRetries: 0, experimental_telemetry });
await sdk.shutdown();
