// Traceloop's SDK with Treadle as its base address.
process.env.TRACELOOP_TELEMETRY = "false";
const traceloop = await import("@traceloop/node-server-sdk");
const { default: OpenAI } = await import("openai");
const { plan, sessionId, talk, target, userId, weatherIn } = await import("./talk.mjs");

traceloop.initialize({
  appName: "weather",
  apiKey: process.env.TREADLE_KEY,
  baseUrl: target,
  silenceInitializationMessage: true,
  instrumentModules: { openAI: OpenAI },
});
const client = new OpenAI();
const callTool = (given) => traceloop.withTool({ name: "get_weather" }, async (argument) => weatherIn(argument), given);
await traceloop.withAssociationProperties({ user_id: userId, session_id: sessionId, plan }, () =>
  traceloop.withWorkflow({ name: "weather" }, (_question) => talk(client, callTool), "hello there"),
);
await traceloop.forceFlush();
