import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ApiError, createClient } from "./client.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "req_1" }).end(JSON.stringify(body));

test("params are escaped into the path, and the query leaves out what is not set", async () => {
  const requests: (string | undefined)[] = [];
  const baseUrl = await serve((request, response) => {
    requests.push(request.method, request.url, request.headers.authorization);
    json(response, 200, {});
  });
  const client = createClient({ baseUrl, apiKey: "tr_key" });
  await client.call("GET /v1/models/:model", { params: { model: "groq/llama 3" } });
  await client.call("GET /api/v1/spans", { query: { limit: 5, search: "a&b", model: undefined, rootsOnly: "true" } });
  expect(requests).toEqual([
    "GET",
    "/v1/models/groq%2Fllama%203",
    "Bearer tr_key",
    "GET",
    "/api/v1/spans?limit=5&search=a%26b&rootsOnly=true",
    "Bearer tr_key",
  ]);
});

test("a body is sent as JSON, and the project of a session as a header", async () => {
  const baseUrl = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    json(response, 201, {
      project: request.headers["x-treadle-project"],
      type: request.headers["content-type"],
      body: Buffer.concat(chunks).toString(),
    });
  });
  const answer = await createClient({ baseUrl, projectId: "prj_1" }).call("POST /api/v1/api-keys", {
    body: { name: "ci" },
  });
  expect(answer).toEqual({ project: "prj_1", type: "application/json", body: '{"name":"ci"}' });
});

test("an idempotency key is sent as a header", async () => {
  const keys: unknown[] = [];
  const baseUrl = await serve((request, response) => {
    keys.push(request.headers["idempotency-key"]);
    json(response, 201, {});
  });
  const client = createClient({ baseUrl });
  const body = { name: "support" };
  await client.call("POST /api/v1/datasets", { body, idempotencyKey: "import-42" });
  await client.send("POST /api/v1/datasets", { body, idempotencyKey: "import-43" });
  await client.request("POST", "/api/v1/datasets", { body, idempotencyKey: "import-44" });
  await client.call("POST /api/v1/datasets", { body });
  expect(keys).toEqual(["import-42", "import-43", "import-44", undefined]);
});

test.each([
  {
    body: { error: { code: "not_found", message: "No such trace.", requestId: "req_7", details: { id: 1 } } },
    expected: { code: "not_found", message: "No such trace.", requestId: "req_7", details: { id: 1 } },
  },
  {
    body: { error: { message: "No such model.", type: "invalid_request_error", param: "model", code: null } },
    expected: { code: "invalid_request_error", message: "No such model.", requestId: "req_1" },
  },
  {
    body: { type: "error", error: { type: "overloaded_error", message: "Busy." } },
    expected: { code: "overloaded_error", message: "Busy.", requestId: "req_1" },
  },
])("an error in the shape $body becomes an ApiError", async ({ body, expected }) => {
  const baseUrl = await serve((_, response) => json(response, 404, body));
  const failure = await createClient({ baseUrl })
    .call("GET /api/v1/session")
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({ status: 404, ...expected });
});

test("an answer that is not JSON is an error with its status, not a parse error", async () => {
  const baseUrl = await serve((_, response) => response.writeHead(502).end("<html>bad gateway</html>"));
  await expect(createClient({ baseUrl }).call("GET /api/v1/session")).rejects.toMatchObject({
    status: 502,
    code: "internal",
  });
});

test("no answer at all is the code `network`", async () => {
  const baseUrl = await serve((request) => request.socket.destroy());
  await expect(createClient({ baseUrl }).call("GET /healthz")).rejects.toMatchObject({ status: 0, code: "network" });
});

test("an aborted call rejects with the abort, not with an ApiError", async () => {
  const baseUrl = await serve(() => undefined);
  const signal = AbortSignal.timeout(20);
  await expect(createClient({ baseUrl }).call("GET /healthz", { signal })).rejects.toMatchObject({
    name: "TimeoutError",
  });
});

test("events are yielded whole however the network cuts them, and leaving the loop ends the request", async () => {
  let isClosed = false;
  const baseUrl = await serve(async (request, response) => {
    request.on("close", () => {
      isClosed = true;
    });
    response.writeHead(200, { "content-type": "text/event-stream" });
    const text =
      ': hello\n\ndata: {"name":"é1"}\r\n\r\nevent: span\ndata: {"name":\ndata: "two"}\n\ndata:{"name":"three"}\n\n';
    for (const byte of Buffer.from(text)) {
      response.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
  });
  const names: string[] = [];
  for await (const span of createClient({ baseUrl }).watch("GET /api/v1/spans/live")) {
    names.push(span.name);
    if (names.length === 3) break;
  }
  expect(names).toEqual(["é1", "two", "three"]);
  await expect.poll(() => isClosed).toBe(true);
});

test("a watcher is notified of the connection before any event", async () => {
  const baseUrl = await serve((_, response) =>
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders(),
  );
  const stop = new AbortController();
  const opened = new Promise<void>((resolve) => {
    const events = createClient({ baseUrl }).watch("GET /api/v1/spans/live", { signal: stop.signal, onOpen: resolve });
    events.next().catch(() => undefined);
  });
  await opened;
  stop.abort();
});

test("the last event is delivered when the stream ends without an empty line", async () => {
  const baseUrl = await serve((_, response) => response.writeHead(200).end('data: {"name":"last"}'));
  const names: string[] = [];
  for await (const span of createClient({ baseUrl }).watch("GET /api/v1/spans/live")) names.push(span.name);
  expect(names).toEqual(["last"]);
});

test("a path without a type is called as it is written, with the key", async () => {
  const baseUrl = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    json(response, 200, {
      endpoint: `${request.method} ${request.url}`,
      authorization: request.headers.authorization,
      body: Buffer.concat(chunks).toString(),
    });
  });
  const client = createClient({ baseUrl, apiKey: "tr_1" });
  const response = await client.request("POST", "/api/v1/things/a:b?limit=2", { body: { a: 1 } });
  expect(await response.json()).toEqual({
    endpoint: "POST /api/v1/things/a:b?limit=2",
    authorization: "Bearer tr_1",
    body: '{"a":1}',
  });
});

test.each(["//127.0.0.2/", "http://127.0.0.2/", "\\\\127.0.0.2/"])(
  "the key is not sent to another server by the path %s",
  async (path) => {
    const sent: string[] = [];
    const client = createClient({
      baseUrl: "http://127.0.0.1:1",
      apiKey: "tr_1",
      fetch: async (url) => {
        sent.push(String(url));
        return Response.json({});
      },
    });
    await expect(client.request("GET", path)).rejects.toThrow("is not a path of http://127.0.0.1:1");
    expect(sent).toEqual([]);
  },
);
