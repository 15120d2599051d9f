import { api, REQUEST_HEADERS } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHttp } from "../testing/start-http.ts";
import { isLenient } from "./unknown-input.ts";

let server: Awaited<ReturnType<typeof startHttp>>;
/** Tests every endpoint of the contract over HTTP: an unknown parameter reaches no handler. */
let whole: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  server = await startHttp({
    handlers: {
      "POST /v1/messages": async ({ sink }) => {
        sink.head(200, { "x-treadle-warnings": "`top_k` was left out." });
        sink.end("ok");
      },
    },
  });
  const handle = async () => {
    throw new Error("the handler was reached");
  };
  whole = await startHttp({
    mounted: [Object.entries(api).map(([endpoint, route]) => ({ endpoint, route, handle }))],
  });
});
afterAll(async () => {
  await server.close();
  await whole.close();
});

const ask = JSON.stringify({ model: "m", messages: [{ role: "user" }] });
const errorIn = async (response: Response) => ((await response.json()) as { error: Record<string, unknown> }).error;

describe("an unknown query parameter", () => {
  test("is refused with its name and the names that the route knows", async () => {
    const response = await server.get("/api/v1/notes/1?limit=5&version=draft");
    expect([response.status, await errorIn(response)]).toEqual([
      400,
      expect.objectContaining({
        message: "Unknown query parameter: version. Known: limit.",
        details: expect.objectContaining({ param: "version", knownParameters: ["limit"] }),
      }),
    ]);
    const none = await server.post("/api/v1/notes?a=1&b=2", '{"text":"x"}');
    expect((await errorIn(none)).message).toBe("Unknown query parameters: a, b. Known: none.");
  });

  test.each(Object.entries(api).filter(([endpoint, route]) => !isLenient(endpoint, route)))(
    "is refused by %s",
    async (endpoint) => {
      const [method = "", path = ""] = endpoint.split(" ");
      const response = await fetch(`${whole.url}${path.replaceAll(/:\w+/g, "1")}?no_such_parameter=1`, {
        method,
        headers: { authorization: "Bearer right" },
      });
      expect([response.status, await response.text()]).toEqual([
        400,
        expect.stringContaining("Unknown query parameter: no_such_parameter."),
      ]);
    },
  );

  test.each(["?beta=true", "?api-version=2025-01-01"])(
    "of another API's client, such as %s, is answered with a warning",
    async (query) => {
      const plain = await server.post(`/v1/chat/completions${query}`, ask);
      const [name] = query.slice(1).split("=");
      expect([plain.status, plain.headers.get("x-treadle-warnings")]).toEqual([
        200,
        `Unknown query parameter: ${name}. Known: none.`,
      ]);
      const warned = await server.post(`/v1/messages${query}`, ask);
      expect(warned.headers.get("x-treadle-warnings")).toBe(
        `Unknown query parameter: ${name}. Known: none. \`top_k\` was left out.`,
      );
    },
  );

  test("of a probe is answered with a warning", async () => {
    const response = await server.get("/healthz?nocache=1");
    expect([response.status, response.headers.get("x-treadle-warnings")]).toEqual([
      200,
      "Unknown query parameter: nocache. Known: none.",
    ]);
  });

  test("cannot put a line into the response's head", async () => {
    const response = await server.post("/v1/chat/completions?a%0d%0aset-cookie:%20x=1", ask);
    expect([response.status, response.headers.get("set-cookie")]).toEqual([200, null]);
  });
});

describe("an unknown header of ours", () => {
  test("is refused with its name and the names that exist", async () => {
    const response = await server.get("/api/v1/notes/1", { "x-treadle-session-id": "chat-1" });
    expect([response.status, await errorIn(response)]).toEqual([
      400,
      expect.objectContaining({
        message: `Unknown header: x-treadle-session-id. Known: ${Object.keys(REQUEST_HEADERS).join(", ")}.`,
      }),
    ]);
  });

  test("on a gateway call is answered with a warning", async () => {
    const response = await server.post("/v1/chat/completions", ask, { "x-treadle-session-id": "chat-1" });
    expect([response.status, response.headers.get("x-treadle-warnings")]).toEqual([
      200,
      expect.stringContaining("Unknown header: x-treadle-session-id. Known: x-treadle-project"),
    ]);
    const known = await server.post("/v1/chat/completions", ask, { "x-treadle-session": "chat-1" });
    expect(known.headers.get("x-treadle-warnings")).toBeNull();
  });
});
