import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Received = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};
/** Answers one request; what it gets is already read. */
export type Script = (response: ServerResponse, received: Received) => void | Promise<void>;

/** A provider that does what a test says: `next` scripts are used up in order, then `always` answers. */
export async function startUpstream(always: Script = (response) => sendJson(response, 200, chatAnswer())) {
  const received: Received[] = [];
  const next: Script[] = [];
  let aborted = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", async () => {
      const entry = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      received.push(entry);
      response.on("close", () => {
        if (!response.writableFinished) aborted++;
      });
      await (next.shift() ?? always)(response, entry);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    received,
    next,
    /** Exchanges that ended before the answer was whole, from either side. */
    aborted: () => aborted,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type ScriptedUpstream = Awaited<ReturnType<typeof startUpstream>>;

export function sendJson(response: ServerResponse, status: number, body: unknown) {
  response
    .writeHead(status, { "content-type": "application/json" })
    .end(typeof body === "string" ? body : JSON.stringify(body));
}

export const chatAnswer = (content = "Hello", model = "gpt-4o-2024-08-06") => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_790_000_000,
  model,
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15, prompt_tokens_details: { cached_tokens: 4 } },
});

export const chatChunk = (delta: object, finish: string | null = null) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_790_000_000,
  model: "gpt-4o-2024-08-06",
  choices: [{ index: 0, delta, finish_reason: finish }],
});
export const usageChunk = () => ({ ...chatChunk({}), choices: [], usage: chatAnswer().usage });

/** Events as OpenAI sends them; strings go as they are. */
export const toEvents = (events: readonly (object | string)[]) =>
  events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("");

export function beginStream(response: ServerResponse) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  return (events: readonly (object | string)[]) => response.write(toEvents(events));
}
