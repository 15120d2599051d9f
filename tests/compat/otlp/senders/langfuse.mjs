// Langfuse's SDK with Treadle as its base address. Treadle's key is the secret key; the public key can be any text.
process.env.LANGFUSE_PUBLIC_KEY = "pk-lf-any";
process.env.LANGFUSE_SECRET_KEY = process.env.TREADLE_KEY;
process.env.LANGFUSE_BASE_URL = process.env.TREADLE_URL;
process.env.LANGFUSE_TRACING_ENVIRONMENT = "staging";
process.env.LANGFUSE_RELEASE = "1.2.3";
const { observeOpenAI } = await import("@langfuse/openai");
const { LangfuseSpanProcessor } = await import("@langfuse/otel");
const { propagateAttributes, startActiveObservation, startObservation } = await import("@langfuse/tracing");
const { NodeSDK } = await import("@opentelemetry/sdk-node");
const { default: OpenAI } = await import("openai");
const { plan, sessionId, tags, talk, userId, weatherIn } = await import("./talk.mjs");

const sdk = new NodeSDK({ spanProcessors: [new LangfuseSpanProcessor()], instrumentations: [] });
sdk.start();
const callTool = (given) =>
  startActiveObservation(
    "get_weather",
    (tool) => {
      const output = weatherIn(given);
      tool.update({ input: given, output });
      return output;
    },
    { asType: "tool" },
  );
await propagateAttributes({ userId, sessionId, tags, metadata: { plan }, traceName: "weather trace" }, () =>
  startActiveObservation(
    "weather",
    async (agent) => {
      agent.update({ input: "hello there" });
      const prompt = { name: "greet", version: 4, isFallback: false };
      await talk(observeOpenAI(new OpenAI(), { generationName: "call", langfusePrompt: prompt }), callTool);
      const documents = [{ id: "d1", content: "Sunny.", score: 0.9 }];
      startObservation("retrieve", { input: "weather", output: documents }, { asType: "retriever" }).end();
      agent.update({ output: "done" });
    },
    { asType: "agent" },
  ),
);
await sdk.shutdown();
