// LangSmith's SDK, configured to export through OpenTelemetry.
process.env.LANGSMITH_TRACING = "true";
process.env.LANGSMITH_OTEL_ENABLED = "true";
process.env.LANGSMITH_OTEL_ONLY = "true";
process.env.LANGSMITH_PROJECT = "weather";
process.env.LANGSMITH_API_KEY = process.env.TREADLE_KEY;
process.env.LANGSMITH_ENDPOINT = process.env.TREADLE_URL;
const { initializeOTEL } = await import("langsmith/experimental/otel/setup");
const { DEFAULT_LANGSMITH_SPAN_PROCESSOR } = initializeOTEL();
const { traceable } = await import("langsmith/traceable");
const { wrapOpenAI } = await import("langsmith/wrappers");
const { default: OpenAI } = await import("openai");
const { model, plan, question, sessionId, tools, userId, weatherIn } = await import("./talk.mjs");

const client = wrapOpenAI(new OpenAI());
const callTool = traceable(async (given) => weatherIn(given), { name: "get_weather", run_type: "tool" });
const metadata = { user_id: userId, session_id: sessionId, plan };
const agent = traceable(
  async (_question) => {
    await client.chat.completions.create({ model, temperature: 0.2, messages: question });
    const asked = [{ role: "user", content: "weather in Paris" }];
    await client.chat.completions.create({ model, messages: asked, tools });
    await callTool({ city: "Paris" });
    return "done";
  },
  { name: "weather", run_type: "chain", metadata },
);
await agent("hello there");
await DEFAULT_LANGSMITH_SPAN_PROCESSOR.forceFlush();
await DEFAULT_LANGSMITH_SPAN_PROCESSOR.shutdown();
