import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export type Message = { role: string; content?: string | null; tool_call_id?: string; tool_calls?: unknown };
export type Weather = {
  readonly url: string;
  readonly requests: { readonly model: string; readonly body: { seed?: number; messages: Message[] } }[];
  close(): void;
};

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** The answer of a model: it asks for the weather of the city, and repeats the result. `next` asks for another day for each fourth city. */
function answer(model: string, messages: readonly Message[]) {
  const [city = ""] = /city\d+/.exec(String(messages.find(({ role }) => role === "user")?.content)) ?? [];
  const result = messages.at(-1);
  if (result?.role === "tool") return { role: "assistant", content: `It is ${result.content}.` };
  const isOther = model === "next" && Number(city.slice(4)) % 4 === 3;
  const day = isOther ? "tomorrow" : "today";
  // The order of the arguments is not part of a decision.
  const given = model === "next" ? { day, city } : { city, day };
  const made = { name: "weather", arguments: JSON.stringify(given) };
  return {
    role: "assistant",
    content: null,
    tool_calls: [{ id: `${model}-${city}`, type: "function", function: made }],
  };
}

/** A provider whose models `old` and `next` call the tool `weather` and then repeat its result. `strict` refuses tools. */
export async function startWeather(): Promise<Weather> {
  const requests: Weather["requests"] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await read(request));
    requests.push({ model: body.model, body });
    response.setHeader("content-type", "application/json");
    if (body.model === "strict") {
      response.statusCode = 400;
      return response.end(JSON.stringify({ error: { message: "the tools are not supported" } }));
    }
    const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 };
    const choices = [{ index: 0, message: answer(body.model, body.messages), finish_reason: "stop" }];
    return response.end(
      JSON.stringify({ id: "c", object: "chat.completion", created: 1, model: body.model, choices, usage }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, requests, close: () => void server.close() };
}

type Server = { readonly url: string; readonly apiKey: string };

/** How an application asks the endpoint `weather`. */
export function createWeatherApp({ url, apiKey }: Server) {
  async function ask(user: number, messages: readonly Message[], variant?: string): Promise<Message> {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${apiKey}`,
        "content-type": "application/json",
        "x-treadle-user": `u${user}`,
        traceparent: `00-${hex(user + 1, 32)}-${hex(user + 1, 16)}-01`,
        ...(variant && { "x-treadle-variant": variant }),
      },
      body: JSON.stringify({ model: "weather", seed: 7, tools: TOOLS, messages }),
    });
    const { choices } = (await response.json()) as { choices: [{ message: Message }] };
    return choices[0].message;
  }

  /** What an application does with one question: it calls the tool and asks again with the result. */
  async function recordExchange(user: number): Promise<void> {
    const start = [{ role: "user", content: `What is the weather in city${user}?` }];
    const asked = await ask(user, start, "old");
    const [made] = asked.tool_calls as { id: string }[];
    await ask(
      user,
      [...start, asked, { role: "tool", tool_call_id: made?.id ?? "", content: `sunny in city${user}` }],
      "old",
    );
  }

  return { ask, recordExchange };
}

const TOOLS = [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }];
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
