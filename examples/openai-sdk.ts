// Calls a model through Treadle with OpenAI's SDK, plain and streamed. Only the address and the key differ from OpenAI.
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: `${process.env.TREADLE_URL ?? "http://127.0.0.1:4747"}/v1`,
  apiKey: process.env.TREADLE_API_KEY,
});
const model = process.env.TREADLE_MODEL ?? "smollm2-135m-instruct";

const { data: answer, response } = await client.chat.completions
  .create({ model, messages: [{ role: "user", content: "What is the capital of France?" }] })
  .withResponse();
console.log(answer.choices[0]?.message.content);
console.log(`trace ${response.headers.get("x-treadle-trace-id")}, ${answer.usage?.total_tokens} tokens`);

const stream = await client.chat.completions.create(
  { model, messages: [{ role: "user", content: "Name three rivers." }], stream: true },
  // The user of the call. Filters and totals of traces use it.
  { headers: { "x-treadle-user": "ada", "x-treadle-tags": "example" } },
);
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
console.log();
