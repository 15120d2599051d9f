import { once } from "node:events";
import { METHODS, request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHttp } from "./testing/start-http.ts";

let server: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  server = await startHttp();
});
afterAll(() => server.close());

async function call(method: string, path: string, body = "") {
  const headers = body === "" ? {} : { "content-type": "application/json", "content-length": body.length };
  const sent = request(`${server.url}${path}`, { method, headers });
  sent.end(body);
  const [response] = await once(sent, "response");
  let text = "";
  for await (const piece of response) text += piece;
  return { status: response.statusCode, allow: response.headers.allow, text };
}

/** CONNECT requests a tunnel and HEAD has no body. Node's parser supports each of the others. */
const OTHERS = METHODS.filter((method) => !["CONNECT", "HEAD", "GET", "POST", "OPTIONS"].includes(method));

test.each(OTHERS)(
  "%s on a route that does not take it is 405 with the methods it takes, without a key",
  async (method) => {
    for (const [path, allow, body = ""] of [
      ["/api/v1/notes", "POST"],
      ["/api/v1/notes/1", "GET"],
      ["/healthz", "GET"],
      ["/openapi.json", "GET"],
      ["/metrics", "GET"],
      ["/v1/messages", "POST"],
      ["/v1/messages", "POST", "{}"],
    ] as const) {
      const { status, allow: allowed, text } = await call(method, path, body);
      expect({ method, path, status, allowed, text }).toMatchObject({ status: 405, allowed: allow });
    }
  },
);
