import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Seen = { readonly endpoint: string; readonly authorization: string | undefined; readonly body: unknown };
/** What the server answers on an endpoint such as `GET /readyz`: JSON, or whatever it writes itself. */
type Script = Readonly<Record<string, (request: Seen, response: ServerResponse) => object | undefined>>;

/** A server on loopback that answers as a test tells it to, and remembers what it was asked. */
export async function startScriptedServer(script: Script) {
  const requests: Seen[] = [];
  const server = createServer(async (request, response) => {
    const asked = await read(request);
    requests.push(asked);
    const answer = script[asked.endpoint];
    response.setHeader("content-type", "application/json");
    if (!answer) {
      response.statusCode = 404;
      return void response.end(JSON.stringify({ error: { code: "not_found", message: "There is no such resource." } }));
    }
    const body = answer(asked, response);
    if (body) response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen: requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<Seen> {
  let text = "";
  for await (const chunk of request) text += chunk;
  const endpoint = `${request.method} ${request.url}`;
  return { endpoint, authorization: request.headers.authorization, body: text ? JSON.parse(text) : undefined };
}
