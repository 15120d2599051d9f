import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

let treadle: RunningTreadle;
let call: Client["call"];
beforeAll(async () => {
  treadle = await startTreadle({ env: { TREADLE_SAMPLE_DATA: "false" } });
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
});
afterAll(() => treadle?.stop());

const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(`${treadle.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json", ...headers },
    body,
  });
const chat = (more: string) => `{"model":"x","messages":[{"role":"user","content":"x"}],${more}}`;
const manyBiases = JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [index, 1])));
const manyMessages = JSON.stringify(Array.from({ length: 100_000 }, () => ({ role: "user", content: "x" })));

describe("numbers and lists out of bounds", () => {
  test.each([
    ["n", chat('"n":1000000000')],
    ["max_tokens", chat('"max_tokens":1000000000000')],
    ["top_logprobs", chat('"logprobs":true,"top_logprobs":1000000000')],
    ["A number is too large", chat('"temperature":1e309')],
    ["temperature", chat('"temperature":-1')],
    ["stop", chat(`"stop":${JSON.stringify(Array.from({ length: 1_000 }, () => "x"))}`)],
    ["more than 10000 keys", chat(`"logit_bias":${manyBiases}`)],
    ["messages", '{"model":"x","messages":[]}'],
    ["messages", `{"model":"x","messages":${manyMessages}}`],
    ["model", '{"messages":[{"role":"user","content":"x"}]}'],
  ])("a chat out of bounds is a 400 in OpenAI's shape that says: %s", async (field, body) => {
    const response = await post("/v1/chat/completions", body);
    const answer = (await response.json()) as { error: Record<string, unknown> };
    expect(response.status).toBe(400);
    expect(Object.keys(answer.error).sort()).toEqual(["code", "message", "param", "type"]);
    expect(`${answer.error.param} ${answer.error.message}`).toContain(field);
  });

  test("a message without max_tokens is a 400 in Anthropic's shape", async () => {
    const response = await post("/v1/messages", '{"model":"x","messages":[{"role":"user","content":"x"}]}');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      type: "error",
      error: { type: "invalid_request_error", message: expect.stringContaining("max_tokens") },
    });
  });

  test.each(["limit=1000000000", "limit=-1", "limit=x", "cursor=nonsense", "from=yesterday", "minDurationMs=1e999"])(
    "a list with ?%s is a 400",
    async (query) => {
      const response = await fetch(`${treadle.url}/api/v1/spans?${query}`, {
        headers: { authorization: `Bearer ${treadle.apiKey}` },
      });
      expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
        400,
        "invalid_request",
      ]);
    },
  );

  test("a depth of 200,000 is a 400, and the server continues", async () => {
    const response = await post("/v1/chat/completions", chat(`"x":${"[".repeat(200_000)}${"]".repeat(200_000)}`));
    expect(response.status).toBe(400);
    expect((await fetch(`${treadle.url}/healthz`)).status).toBe(200);
  });
});

describe("attribute keys and texts that are meant to do harm", () => {
  const base = { name: "hostile", startTime: new Date().toISOString(), durationMs: 1, input: null, output: null };
  const ids = (digit: string) => ({ traceId: digit.repeat(32), spanId: digit.repeat(16) });

  test("keys that would reach a prototype or a huge index are plain keys or dropped, and memory stays flat", async () => {
    const attributes =
      '{"__proto__.isAdmin":true,"__proto__":{"isAdmin":true},"constructor.prototype.x":1,"gen_ai.prompt.50000000.content":"bomb"}';
    const span = JSON.stringify({ ...base, ...ids("a") }).replace(/}$/, `,"attributes":${attributes}}`);
    const before = (await call("GET /api/v1/system")).memory.residentBytes;
    expect((await post("/api/v1/spans", `{"spans":[${span}]}`)).status).toBe(202);
    const stored = await read("a");
    expect(stored?.attributes["gen_ai.prompt.50000000.content"]).toBe("bomb");
    expect(Object.hasOwn(Object.prototype, "isAdmin")).toBe(false);
    expect((await call("GET /api/v1/system")).memory.residentBytes - before).toBeLessThan(150 * 1024 * 1024);
  });

  test.each([
    ["b", "a NUL in the middle", "before\u0000after"],
    ["c", "a lone surrogate", "before\ud800after"],
    ["d", "right-to-left, zero-width and tag characters", "a\u202eb\u200bc\u{e0041}d"],
    ["e", "a line of ten million letters", "x".repeat(10_000_000)],
  ])("span %s: %s is stored or refused in words, never a 500", async (digit, _what, text) => {
    const response = await post("/api/v1/spans", JSON.stringify({ spans: [{ ...base, ...ids(digit), input: text }] }));
    expect([202, 400, 413]).toContain(response.status);
    if (response.status !== 202) return;
    const stored = await read(digit);
    expect(String(stored?.input).startsWith(text.slice(0, 1))).toBe(true);
  });

  test("bytes that are not UTF-8 are a 400", async () => {
    const body = Buffer.concat([
      Buffer.from('{"spans":[{"name":"'),
      Buffer.from([0xff, 0xfe, 0xc3, 0x28]),
      Buffer.from('"}]}'),
    ]);
    expect((await post("/api/v1/spans", body)).status).toBe(400);
  });

  test("an API key's name with a NUL is refused or stored, never a 500", async () => {
    const response = await post("/api/v1/api-keys", '{"name":"a\\u0000b"}');
    expect([201, 400]).toContain(response.status);
  });

  async function read(digit: string) {
    for (let tries = 0; tries < 100; tries++) {
      const trace = await call("GET /api/v1/traces/:traceId", { params: { traceId: digit.repeat(32) } }).catch(
        () => null,
      );
      if (trace) return trace.spans[0];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the span ${digit} was not stored`);
  }
});
