// A small agent whose steps form one trace: a handler, a tool, and model calls, which Treadle's gateway records itself.
import { createTracing, wrapOpenAI } from "@treadle/sdk/trace";
import OpenAI from "openai";

const baseUrl = process.env.TREADLE_URL ?? "http://127.0.0.1:4747";
const apiKey = process.env.TREADLE_API_KEY ?? "";
const model = process.env.TREADLE_MODEL ?? "smollm2-135m-instruct";

const tracing = createTracing({ baseUrl, apiKey, service: "weather-agent", environment: "development" });
const openai = wrapOpenAI(tracing, new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey }));

const readForecast = tracing.observe({ name: "read forecast", kind: "tool" }, async (city: string) => ({
  city,
  celsius: 19,
}));

const answer = tracing.observe({ name: "answer", kind: "agent" }, async (city: string) => {
  const forecast = await readForecast(city);
  const { choices } = await openai.chat.completions.create({
    model,
    messages: [
      { role: "system", content: `The forecast: ${JSON.stringify(forecast)}` },
      { role: "user", content: `What is the weather in ${city}?` },
    ],
  });
  return choices[0]?.message.content;
});

// The user and the session of every span inside. Lists and totals can be filtered by them.
await tracing.with({ userId: "ada", sessionId: "chat-1", tags: ["example"] }, async () => {
  console.log(await answer("Paris"));
});
await tracing.shutdown();
