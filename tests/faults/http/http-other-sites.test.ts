import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHttp } from "../../../packages/server/src/platform/http/testing/start-http.ts";

let server: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  server = await startHttp({ allowedHosts: ["treadle.example"] });
});
afterAll(() => server.close());

type Ask = {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly headers: Record<string, string>;
};

/** The status of a request with exactly these headers, which fetch would not send. */
const statusOf = ({ method = "GET", path = "/api/v1/notes/1", body, headers }: Ask) =>
  new Promise<number | undefined>((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port: server.port, method, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on("error", reject).end(body);
  });

const key = { authorization: "Bearer right" };
const cookie = { cookie: "treadle_session=right" };
const post = { method: "POST", path: "/api/v1/notes", body: '{"text":"x"}' };
const json = { "content-type": "application/json" };

test("a name that was pointed at this machine is refused on every path, with a key or without", async () => {
  for (const path of [
    "/",
    "/api/v1/notes/1",
    "/v1/chat/completions",
    "/openapi.json",
    "/metrics",
    "/healthz",
    "/nothing",
  ]) {
    expect([path, await statusOf({ path, headers: { ...key, host: "evil.example" } })]).toEqual([path, 421]);
  }
  expect(await statusOf({ headers: { ...key, host: "treadle.example" } })).toBe(200);
});

test("a page of another site is refused, with a key or with a cookie", async () => {
  const origin = "https://evil.example";
  expect(await statusOf({ headers: { ...key, origin } })).toBe(403);
  expect(await statusOf({ ...post, headers: { ...json, ...cookie, origin } })).toBe(403);
  expect(await statusOf({ ...post, headers: { ...json, ...key, origin: "null" } })).toBe(403);
  expect(
    await statusOf({
      method: "OPTIONS",
      path: "/api/v1/notes",
      headers: { ...key, origin, "access-control-request-method": "POST" },
    }),
  ).toBe(403);
});

test("a cookie changes something only from our own pages; an API key needs no page", async () => {
  const host = `127.0.0.1:${server.port}`;
  expect(await statusOf({ ...post, headers: { ...json, ...cookie } })).toBe(403);
  expect(await statusOf({ ...post, headers: { ...json, ...cookie, "sec-fetch-site": "cross-site" } })).toBe(403);
  expect(await statusOf({ ...post, headers: { ...json, ...cookie, "sec-fetch-site": "same-origin" } })).toBe(201);
  expect(await statusOf({ ...post, headers: { ...json, ...cookie, origin: `http://${host}` } })).toBe(201);
  expect(await statusOf({ headers: cookie })).toBe(200);
  expect(await statusOf({ ...post, headers: { ...json, ...key } })).toBe(201);
});

test("a form of another site, which needs no leave to be sent, is never read", async () => {
  const form = { "content-type": "text/plain", "sec-fetch-site": "same-origin" };
  expect(await statusOf({ ...post, headers: { ...form, ...cookie } })).toBe(415);
});
