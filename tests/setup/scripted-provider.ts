import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createItemWriter, scoreOf } from "./scripted-items.ts";
import { judgePair } from "./scripted-pairs.ts";

type Body = Record<string, unknown> & { model: string; stream?: boolean };
export type SeenRequest = { readonly path: string; readonly headers: IncomingMessage["headers"]; readonly body: Body };

/** A provider on loopback that answers as the model's name says, and records its requests. */
export type ScriptedProvider = {
  /** The base of its OpenAI-compatible routes, ending in `/v1`. */
  readonly baseUrl: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
};

/**
 * The model's name is the script: `error-429` answers with that status, `writer-1` writes items for datasets, `judge-1`
 * scores them, and `pairs-1` judges pairs of answers. Every other model echoes the last user message, calls every tool,
 * and fills a JSON schema with fixed values.
 */
export async function startScriptedProvider(): Promise<ScriptedProvider> {
  const requests: SeenRequest[] = [];
  const writeItems = createItemWriter();
  const server = createServer(
    (request, response) =>
      void answer(request, response, { seen: requests, writeItems }).catch((error) => response.destroy(error)),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    seen: requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Writer = ReturnType<typeof createItemWriter>;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { seen, writeItems }: { seen: SeenRequest[]; writeItems: Writer },
) {
  const path = request.url ?? "/";
  if (path.endsWith("/models"))
    return json(response, 200, {
      object: "list",
      data: [{ id: "echo-1", object: "model", created: 1, owned_by: "scripted" }],
    });
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
  seen.push({ path, headers: request.headers, body });
  const status = Number(/^error-(\d{3})$/.exec(body.model)?.[1] ?? 200);
  if (status !== 200) return refuse(response, status);
  if (path.endsWith("/embeddings")) return json(response, 200, embeddings(body));
  const message = reply(body, writeItems);
  return body.stream ? stream(response, body, message) : json(response, 200, completion(body, message));
}

function json(response: ServerResponse, status: number, value: unknown) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number) {
  if (status === 429) response.setHeader("retry-after", "0");
  json(response, status, {
    error: { message: `scripted ${status}`, type: "scripted_error", param: null, code: `scripted_${status}` },
  });
}

const USAGE = {
  prompt_tokens: 11,
  completion_tokens: 7,
  total_tokens: 18,
  prompt_tokens_details: { cached_tokens: 3 },
  completion_tokens_details: { reasoning_tokens: 2 },
};

type Tool = { function: { name: string; parameters?: { properties?: object } } };
type Reply = {
  content: string | null;
  tool_calls?: { id: string; type: "function"; function: { name: string; arguments: string } }[];
};

function reply(body: Body, writeItems: Writer): Reply {
  const messages = body.messages as { role: string; content: unknown }[];
  const last = messages.at(-1);
  if (body.model === "writer-1") return { content: writeItems(textOf(last?.content)) };
  if (body.model === "judge-1") return { content: scoreOf(textOf(last?.content)) };
  if (body.model === "pairs-1") return { content: judgePair(messages) };
  const tools = (body.tools as Tool[] | undefined) ?? [];
  if (last?.role === "user" && tools.length > 0) {
    const calls = tools.map((tool, index) => ({
      id: `call_${index}`,
      type: "function" as const,
      function: { name: tool.function.name, arguments: argumentsFor(tool, textOf(last.content)) },
    }));
    return { content: null, tool_calls: calls };
  }
  const format = body.response_format as { type?: string } | undefined;
  if (format?.type === "json_schema") return { content: '{"city":"Paris","population":2102650}' };
  return { content: `You said: ${textOf(last?.content)}` };
}

/** Arguments for a tool: what the user said for the parameter `message`, a text for `input`, otherwise a city. */
function argumentsFor({ function: { parameters } }: Tool, said: string): string {
  const names = parameters?.properties ?? {};
  if ("message" in names) return JSON.stringify({ message: said });
  return "input" in names ? '{"input":"Paris, \\"as it is\\""}' : '{"city":"Paris"}';
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: { text?: string }) => part.text ?? "").join("");
}

const finishOf = (message: Reply) => (message.tool_calls ? "tool_calls" : "stop");

const completion = (body: Body, message: Reply) => ({
  id: "chatcmpl-scripted",
  object: "chat.completion",
  created: 1_700_000_000,
  model: body.model,
  choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: finishOf(message) }],
  usage: USAGE,
});

async function stream(response: ServerResponse, body: Body, message: Reply) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (fields: object) =>
    response.write(
      `data: ${JSON.stringify({ id: "chatcmpl-scripted", object: "chat.completion.chunk", created: 1_700_000_000, model: body.model, ...fields })}\n\n`,
    );
  const delta = (value: object, finish: string | null = null) =>
    send({ choices: [{ index: 0, delta: value, finish_reason: finish }] });
  delta({ role: "assistant", content: message.tool_calls ? null : "" });
  for (const word of message.content?.split(/(?<= )/) ?? []) delta({ content: word });
  for (const [index, call] of (message.tool_calls ?? []).entries()) {
    delta({
      tool_calls: [{ index, id: call.id, type: "function", function: { name: call.function.name, arguments: "" } }],
    });
    for (const piece of call.function.arguments.match(/.{1,5}/g) ?? [])
      delta({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  delta({}, finishOf(message));
  const options = body.stream_options as { include_usage?: boolean } | undefined;
  if (options?.include_usage) send({ choices: [], usage: USAGE });
  response.end("data: [DONE]\n\n");
}

function embeddings(body: Body) {
  const input = body.input;
  const texts = Array.isArray(input) ? input : [input];
  const vector = [0.25, -0.5, 0.75];
  const encoded =
    body.encoding_format === "base64" ? Buffer.from(new Float32Array(vector).buffer).toString("base64") : vector;
  return {
    object: "list",
    model: body.model,
    data: texts.map((_, index) => ({ object: "embedding", index, embedding: encoded })),
    usage: { prompt_tokens: 4, total_tokens: 4 },
  };
}
