// LangChain, traced by OpenInference's instrumentation.

import { setSession, setUser } from "@arizeai/openinference-core";
import { LangChainInstrumentation } from "@arizeai/openinference-instrumentation-langchain";
import * as callbackManager from "@langchain/core/callbacks/manager";
import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { context } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { headers, model as modelName, plan, sessionId, target, tools, userId, weatherIn } from "./talk.mjs";

const exporter = new OTLPTraceExporter({ url: `${target}/v1/traces`, headers });
const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
provider.register();
new LangChainInstrumentation().manuallyInstrument(callbackManager);

const model = new ChatOpenAI({ model: modelName, temperature: 0.2, maxRetries: 0 });
const { name, description, parameters } = tools[0].function;
const weather = tool(async (given) => weatherIn(given), { name, description, schema: parameters });
const chain = RunnableLambda.from(async (_input, config) => {
  await model.invoke([new SystemMessage("be brief"), new HumanMessage("hello there")], config);
  const asked = [new HumanMessage("weather in Paris")];
  const first = await model.bindTools([weather]).invoke(asked, config);
  const result = await weather.invoke(first.tool_calls[0], config);
  await model.bindTools([weather]).invoke([...asked, first, result], config);
  return "done";
}).withConfig({ runName: "weather_chain" });

await context.with(setUser(setSession(context.active(), { sessionId }), { userId }), () =>
  chain.invoke("hello there", { metadata: { plan } }),
);
await provider.shutdown();
