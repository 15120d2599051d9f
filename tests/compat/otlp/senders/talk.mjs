// The calls that every sender in JavaScript makes with an instrumented client of OpenAI, and their user and session.
export const model = "echo-1";
export const userId = "ada";
export const sessionId = "talk-1";
export const tags = ["beta", "eu"];
export const plan = "pro";

export const target = process.env.TREADLE_URL;
export const headers = { authorization: `Bearer ${process.env.TREADLE_KEY}` };

export const question = [
  { role: "system", content: "be brief" },
  { role: "user", content: "hello there" },
];
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
export const tools = [
  { type: "function", function: { name: "get_weather", description: "The weather in a city", parameters } },
];

export const weatherIn = ({ city }) => `Sunny in ${city}`;

/** Makes a plain chat call, a streamed call, a tool call with its result, and an embedding. */
export async function talk(client, callTool = async (given) => weatherIn(given)) {
  await client.chat.completions.create({ model, temperature: 0.2, messages: question });
  const stream = await client.chat.completions.create({
    model,
    messages: question,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const _chunk of stream);
  const asked = [{ role: "user", content: "weather in Paris" }];
  const first = await client.chat.completions.create({ model, messages: asked, tools });
  const message = first.choices[0].message;
  const [call] = message.tool_calls;
  const content = await callTool(JSON.parse(call.function.arguments));
  const conversation = [...asked, message, { role: "tool", tool_call_id: call.id, content }];
  await client.chat.completions.create({ model, messages: conversation, tools });
  await client.embeddings.create({ model, input: ["Paris", "Berlin"] });
}
