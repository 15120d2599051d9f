import { once } from "node:events";
import { request } from "node:http";
import { defineApi } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Mounted } from "../../kernel/call.ts";
import { systemClock } from "../../kernel/clock.ts";
import { NO_KEYS } from "../idempotency/testing/no-keys.ts";
import { createLog } from "../log/pino-log.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { mount } from "./handlers.ts";
import { createClientAddresses } from "./listen/client-address.ts";
import { startListening } from "./listen/listen.ts";
import { createHttp } from "./server.ts";
import { startHttp } from "./testing/start-http.ts";
import { createRequestCount } from "./traffic/request-count.ts";

let server: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  server = await startHttp();
});
afterAll(() => server.close());

const ErrorAnswer = z.object({
  error: z.looseObject({
    message: z.string(),
    details: z.looseObject({ issues: z.array(z.object({ path: z.string() })).optional() }).optional(),
  }),
});
const errorOf = async (response: Response) => ErrorAnswer.parse(await response.json()).error;
const codeOf = async (response: Response) => [response.status, (await errorOf(response)).code];

describe("who may call", () => {
  test("a route without a permission that is known stops the start", async () => {
    const api = defineApi({
      "GET /open": { name: "open", summary: "", permission: "public", response: z.object({}) },
    });
    const [entry] = mount(api, { "GET /open": async () => ({}) });
    if (!entry) throw new Error("nothing mounted");
    const listener = await startListening({ host: "127.0.0.1", port: 0 });
    const start = (permission: unknown) =>
      createHttp({
        listener,
        mounted: [[{ ...entry, route: { ...entry.route, permission } }] as Mounted],
        authenticate: async () => null,
        clients: createClientAddresses([]),
        isBehindProxy: false,
        allowedHosts: [],
        maxBodyBytes: 1,
        drainSeconds: 0,
        log: createLog("silent", { write() {} }),
        metrics: createMetrics(),
        requests: createRequestCount(),
        web: null,
        openApi: async () => Buffer.from("{}"),
        idempotency: NO_KEYS,
        clock: systemClock,
      });
    await expect(start(undefined)).rejects.toThrow("GET /open does not name a known permission");
    await expect(start("everything")).rejects.toThrow("GET /open does not name a known permission");
    await listener.close();
  });

  test("without a credential the answer is 401, without the permission 403, and a public route needs neither", async () => {
    expect(await codeOf(await server.get("/api/v1/notes/1", { authorization: "" }))).toEqual([401, "unauthorized"]);
    expect(await codeOf(await server.post("/api/v1/notes", "{}", { authorization: "Bearer reader" }))).toEqual([
      403,
      "forbidden",
    ]);
    expect((await server.get("/healthz", { authorization: "" })).status).toBe(200);
  });
});

describe("answers", () => {
  test("carry the request's id, the caller's own when it is sane", async () => {
    const ids = await Promise.all(
      ["mine-1", "", "bad id", "tr_looks_like_a_key"].map(async (id) =>
        (await server.get("/api/v1/notes/1", { "x-request-id": id })).headers.get("x-request-id"),
      ),
    );
    expect(ids[0]).toBe("mine-1");
    for (const id of ids.slice(1)) expect(id).toMatch(/^req_[0-9a-f]{32}$/);
  });

  test("hold what the contract says and nothing more", async () => {
    const response = await server.get("/api/v1/notes/7");
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await response.json()).toEqual({ id: "7", text: "hello" });
  });

  test("say which field was wrong and why, not what was in it", async () => {
    const response = await server.post("/api/v1/notes", JSON.stringify({ text: 12345678, surplus: 1 }));
    const error = await errorOf(response);
    expect(response.status).toBe(400);
    expect(error.message).toContain("body.text");
    expect(error.details?.issues?.map(({ path }) => path)).toEqual(["body.text", "body"]);
    expect(JSON.stringify(error)).not.toContain("12345678");
    expect((await server.get("/api/v1/notes/1?limit=0")).status).toBe(400);
  });

  test("of a bug tell nothing but the id under which the log has the cause", async () => {
    const response = await server.get("/api/v1/notes/broken", { "x-request-id": "find-me" });
    expect(await response.json()).toEqual({
      error: { code: "internal", message: expect.any(String), requestId: "find-me" },
    });
    const line = server
      .logged()
      .split("\n")
      .find((text) => text.includes("request failed") && text.includes("find-me"));
    expect(line).toContain("a secret cause");
  });

  test("on OpenAI's and Anthropic's routes have the shape their clients read", async () => {
    const openAi = await server.post("/v1/chat/completions", JSON.stringify({ model: "m", messages: [] }));
    expect([openAi.status, await openAi.json()]).toEqual([
      400,
      {
        error: {
          message: expect.stringContaining("messages"),
          type: "invalid_request_error",
          param: "messages",
          code: null,
        },
      },
    ]);
    const keyless = await server.post("/v1/chat/completions", "{}", { authorization: "Bearer no" });
    expect(await errorOf(keyless)).toMatchObject({ type: "invalid_request_error", code: "invalid_api_key" });
    const anthropic = await server.post("/v1/messages", "{}", { authorization: "Bearer no", "x-request-id": "a1" });
    expect([anthropic.status, await anthropic.json()]).toEqual([
      401,
      { type: "error", error: { type: "authentication_error", message: expect.any(String) }, request_id: "a1" },
    ]);
    expect(anthropic.headers.get("request-id")).toBe("a1");
  });

  test("an unknown path is 404, and a wrong method is 405 with the supported methods", async () => {
    expect(await codeOf(await server.get("/api/v1/nothing"))).toEqual([404, "not_found"]);
    expect(await codeOf(await server.get("/"))).toEqual([404, "not_found"]);
    const response = await fetch(`${server.url}/api/v1/notes/1`, { method: "DELETE" });
    expect(response.headers.get("allow")).toBe("GET");
    expect(await codeOf(response)).toEqual([405, "method_not_allowed"]);
    expect((await errorOf(await fetch(`${server.url}/v1/chat/completions`))).type).toBe("invalid_request_error");
  });

  test.each([
    ["/chat/completions", "Did you mean /v1/chat/completions? The base URL for OpenAI clients ends in /v1"],
    ["//v1//chat/completions/", "Did you mean /v1/chat/completions?"],
    ["/v1/v1/messages", "Did you mean /v1/messages?"],
    ["/messages", "the base URL for Anthropic clients does not"],
    ["/v1/notes/1", "Did you mean /api/v1/notes/1?"],
    ["/api/v1/notes/1/", "Did you mean /api/v1/notes/1?"],
    [`/${"/a".repeat(400)}`, "/openapi.json lists all addresses."],
  ])("of %s says which address was meant", async (path, words) => {
    const { status, message } = await server.post(path, "{}").then(async (response) => ({
      status: response.status,
      message: String((await errorOf(response)).message),
    }));
    expect([status, message]).toEqual([404, expect.stringContaining(words)]);
  });

  test("a model's name can be in the path unescaped", async () => {
    const response = await fetch(`${server.url}/v1/models/openai/gpt-5`, { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([307, "/v1/models/openai%2Fgpt-5"]);
  });

  test.each(["/healthz", "/metrics", "/openapi.json"])(
    "HEAD of %s answers as GET does, without the body",
    async (path) => {
      const response = await fetch(`${server.url}${path}`, { method: "HEAD" });
      expect([response.status, await response.text()]).toEqual([200, ""]);
    },
  );
});

test("the metrics are readable from this machine without a key, through a proxy only with a permitted key", async () => {
  await server.get("/api/v1/notes/1");
  const page = await (await server.get("/metrics", { authorization: "" })).text();
  expect(page).toContain('treadle_http_request_seconds_count{method="GET",route="/api/v1/notes/:noteId",status="200"}');
  const proxied = (authorization: string) => server.get("/metrics", { authorization, "x-forwarded-for": "1.2.3.4" });
  expect((await proxied("")).status).toBe(401);
  expect((await proxied("Bearer reader")).status).toBe(403);
  expect((await proxied("Bearer right")).status).toBe(200);
});

test("the contract is public", async () => {
  expect(await (await server.get("/openapi.json", { authorization: "" })).json()).toEqual({ openapi: "3.1.0" });
});

test("the contract is sent compressed, and not again to a caller that has it", async () => {
  const first = await server.get("/openapi.json", { "accept-encoding": "gzip" });
  expect(first.headers.get("content-encoding")).toBe("gzip");
  expect(await first.json()).toEqual({ openapi: "3.1.0" });
  const etag = first.headers.get("etag") ?? "";
  const second = await server.get("/openapi.json", { "accept-encoding": "gzip", "if-none-match": etag });
  expect([second.status, await second.text(), second.headers.get("etag")]).toEqual([304, "", etag]);
});

describe("a stream of events", () => {
  test("arrives event by event, and its source stops when the receiver leaves", async () => {
    let isStopped = false;
    const own = await startHttp({
      handlers: {
        "GET /api/v1/live": async function* ({ signal }) {
          try {
            for (let count = 0; !signal.aborted; count++) {
              yield { id: String(count), text: "x" };
              await new Promise((resolve) => setTimeout(resolve, 2));
            }
          } finally {
            isStopped = true;
          }
        },
      },
    });
    const controller = new AbortController();
    const response = await fetch(`${own.url}/api/v1/live`, {
      headers: { authorization: "Bearer right" },
      signal: controller.signal,
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('data: {"id":"2","text":"x"}\n\n')) break;
    }
    controller.abort();
    await expect.poll(() => isStopped).toBe(true);
    await own.close();
  });

  test("waits for a receiver that does not read", async () => {
    let sent = 0;
    const own = await startHttp({
      handlers: {
        "GET /api/v1/live": async function* () {
          for (; sent < 100_000; sent++) yield { id: String(sent), text: "x".repeat(10_000) };
        },
      },
    });
    const call = request(`${own.url}/api/v1/live`, { headers: { authorization: "Bearer right" } });
    call.end();
    const [response] = await once(call, "response");
    response.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = sent;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toBe(before);
    expect(sent).toBeLessThan(5_000);
    call.destroy();
    await own.close();
  });
});

describe("a raw answer", () => {
  test("given whole goes out with its length", async () => {
    const response = await server.post(
      "/v1/chat/completions",
      JSON.stringify({ model: "mödel", messages: [{ role: "user" }] }),
    );
    expect(response.headers.get("content-length")).toBe(String(Buffer.byteLength(JSON.stringify({ model: "mödel" }))));
    expect(await response.json()).toEqual({ model: "mödel" });
  });

  test("that is a stream sends its head before the first byte of the body is there", async () => {
    let finish = () => {};
    const own = await startHttp({
      handlers: {
        "POST /v1/chat/completions": async ({ sink }) => {
          sink.head(200, { "content-type": "text/event-stream" });
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          sink.write("data: 1\n\n");
          sink.end();
        },
      },
    });
    const response = await own.post(
      "/v1/chat/completions",
      JSON.stringify({ model: "m", messages: [{ role: "user" }] }),
    );
    expect(response.status).toBe(200);
    finish();
    expect(await response.text()).toBe("data: 1\n\n");
    await own.close();
  });

  test("aborts its signal when the caller leaves, and is broken off when it fails half way", async () => {
    let signal: AbortSignal | undefined;
    const own = await startHttp({
      handlers: {
        "POST /v1/chat/completions": async (call) => {
          signal = call.signal;
          call.sink.head(200, {});
          call.sink.write("first");
          await new Promise((resolve) => setTimeout(resolve, 20));
          if (call.body.model === "fails") throw new Error("half way");
          await new Promise(() => {});
        },
      },
    });
    const ask = (model: string) =>
      own.post("/v1/chat/completions", JSON.stringify({ model, messages: [{ role: "user" }] }));
    await expect(ask("fails").then((response) => response.text())).rejects.toThrow();
    const response = await ask("waits");
    await response.body?.cancel();
    await expect.poll(() => signal?.aborted).toBe(true);
    await own.close();
  });
});

describe("a stop", () => {
  test("lets a running request end, refuses new connections and ends event streams", async () => {
    const own = await startHttp({
      drainSeconds: 5,
      handlers: {
        "POST /api/v1/notes": async () => {
          await new Promise((resolve) => setTimeout(resolve, 150));
          return { id: "late", text: "late" };
        },
      },
    });
    const live = await own.get("/api/v1/live");
    const running = own.post("/api/v1/notes", '{"text":"x"}');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = own.close();
    expect(await (await running).json()).toMatchObject({ id: "late" });
    expect((await running).headers.get("connection")).toBe("close");
    await live.text();
    await closed;
    await expect(own.get("/healthz")).rejects.toThrow();
  });

  test("breaks off what does not end in time", async () => {
    const own = await startHttp({
      drainSeconds: 0.1,
      handlers: { "POST /api/v1/notes": () => new Promise(() => {}) },
    });
    const running = own.post("/api/v1/notes", '{"text":"x"}');
    running.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await own.close();
    await expect(running).rejects.toThrow();
  });
});
