import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHttp } from "../../../packages/server/src/platform/http/testing/start-http.ts";

const MIB = 1024 * 1024;
let server: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  server = await startHttp({ maxBodyBytes: 8 * MIB });
});
afterAll(() => server.close());

const note = (text: string, more = "") => `{"text":${JSON.stringify(text)}${more}}`;
const keep = (body: string | Uint8Array<ArrayBuffer>, headers = {}) => server.post("/api/v1/notes", body, headers);
const chat = (changes: object) =>
  server.post("/v1/chat/completions", JSON.stringify({ model: "m", messages: [{ role: "user" }], ...changes }));
const openAiError = {
  error: { message: expect.any(String), type: "invalid_request_error", param: expect.anything(), code: null },
};

type Answer = { readonly text?: string; readonly error?: { readonly code: string; readonly message: string } };
const read = async (response: Response): Promise<Answer> => JSON.parse(await response.text());
const codeOf = async (response: Response) => (await read(response)).error?.code;

describe("numbers without bound", () => {
  test.each([
    ["n", 1e9],
    ["max_tokens", 1e9],
    ["temperature", 1e9],
    ["stop", Array(100_000).fill("x")],
    ["messages", []],
    ["messages", Array(100_000).fill({ role: "user" })],
    ["logit_bias", Object.fromEntries(Array.from({ length: 1_000_000 / 4 }, (_, index) => [index, 1]))],
  ])("%s is refused in OpenAI's shape (%#)", async (field, value) => {
    const response = await chat({ [field]: value });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: { ...openAiError.error, param: field === "logit_bias" ? null : expect.stringContaining(field) },
    });
  });

  test("1e309 is refused, and not taken for infinity", async () => {
    const response = await server.post(
      "/v1/chat/completions",
      '{"model":"m","messages":[{"role":"user"}],"temperature":1e309}',
    );
    expect([response.status, (await response.text()).includes("too large")]).toEqual([400, true]);
  });
});

describe("JSON that is built to harm", () => {
  test.each([
    ["a list in a list, 200,000 deep", "[".repeat(200_000)],
    ["a closed one, 65 deep", note("x", `,"more":${"[".repeat(64)}${"]".repeat(64)}`)],
    [
      "an object of many keys",
      note("x", `,"more":{${Array.from({ length: 10_001 }, (_, key) => `"${key}":1`).join(",")}}`),
    ],
  ])("%s is refused", async (_, body) => {
    const response = await keep(body);
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_request"]);
  });

  test("64 levels are taken", async () => {
    expect((await keep(note("x", `,"more":${"[".repeat(63)}${"]".repeat(63)}`))).status).toBe(201);
  });

  test("keys of prototypes change nothing", async () => {
    const response = await keep(
      note("x", ',"more":{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'),
    );
    expect(response.status).toBe(201);
    expect(Reflect.get({}, "isAdmin")).toBeUndefined();
  });
});

describe("text", () => {
  test("that is not UTF-8 is refused", async () => {
    const body = new Uint8Array(
      Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
    );
    expect((await keep(body)).status).toBe(400);
  });

  test("that holds half a surrogate pair is refused with its place", async () => {
    const response = await keep(note("\ud800"));
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("body.text contains half")]);
  });

  test.each(["\u0000", "\u202eabc", "\u200b", "\u{e0041}", "x".repeat(7 * MIB)])(
    "of an odd kind (%#) is stored unchanged",
    async (text) => {
      const response = await keep(note(text));
      expect([response.status, (await read(response)).text === text]).toEqual([201, true]);
    },
  );

  test("in an address, with U+0000, is refused", async () => {
    expect((await server.get("/api/v1/notes/a%00b")).status).toBe(400);
    expect((await server.get("/api/v1/notes/%ff")).status).toBe(400);
  });
});

describe("compressed bodies", () => {
  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } })],
    ["zstd", zstdCompressSync],
  ])("%s is read, and a bomb is 413 without being inflated", async (encoding, compress) => {
    const pack = (text: string) => new Uint8Array(compress(Buffer.from(text)));
    const packed = await keep(pack(note("packed")), { "content-encoding": encoding });
    expect([packed.status, (await read(packed)).text]).toEqual([201, "packed"]);
    const bomb = new Uint8Array(compress(Buffer.alloc(100 * MIB, 0x20)));
    const before = process.memoryUsage().rss;
    const refused = await keep(bomb, { "content-encoding": encoding });
    expect([refused.status, await codeOf(refused)]).toEqual([413, "payload_too_large"]);
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * MIB);
  });

  test.each(["gzip", "deflate", "br", "zstd"])("what is not %s although it says so is refused", async (encoding) => {
    expect((await keep(note("plain"), { "content-encoding": encoding })).status).toBe(400);
  });

  test("half a gzip stream is refused", async () => {
    const whole = gzipSync(note("x".repeat(1_000)));
    expect(
      (await keep(new Uint8Array(whole.subarray(0, whole.length - 9)), { "content-encoding": "gzip" })).status,
    ).toBe(400);
  });

  test.each(["compress", "gzip, gzip", "nonsense"])("the encoding %s is 415", async (encoding) => {
    expect((await keep(note("x"), { "content-encoding": encoding })).status).toBe(415);
  });
});

describe("sizes and kinds", () => {
  test("a body over the limit is 413, with a length and without, and the server continues", async () => {
    const large = note("x".repeat(9 * MIB));
    expect((await keep(large)).status).toBe(413);
    const call = request(`${server.url}/api/v1/notes`, {
      method: "POST",
      headers: { authorization: "Bearer right", "content-type": "application/json", "transfer-encoding": "chunked" },
    });
    call.on("error", () => undefined);
    call.end(large);
    const [response] = await once(call, "response");
    expect(response.statusCode).toBe(413);
    response.resume();
    expect((await keep(note("still here"))).status).toBe(201);
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonx",
    "multipart/form-data; boundary=x",
    ";",
  ])("%s is 415", async (type) => {
    const response = await keep(note("x"), { "content-type": type });
    expect([response.status, await codeOf(response)]).toEqual([415, "unsupported_media_type"]);
  });

  test("no body where one is needed says so", async () => {
    const response = await fetch(`${server.url}/api/v1/notes`, {
      method: "POST",
      headers: { authorization: "Bearer right" },
    });
    expect([response.status, (await read(response)).error?.message]).toEqual([400, expect.stringContaining("body")]);
  });

  test("who has not said who they are may send little, and nothing to an address that does not exist", async () => {
    const large = note("x".repeat(100_000));
    const signIn = await server.post("/api/v1/sign-in", large, { authorization: "" });
    expect([signIn.status, await codeOf(signIn)]).toEqual([413, "payload_too_large"]);
    expect((await server.post("/api/v1/nothing", large)).status).toBe(404);
  });

  test("a caller without a key is refused before the body is read", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(
      "POST /api/v1/notes HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n{",
    );
    const [answer] = await once(socket, "data");
    expect(answer.toString()).toContain("401 Unauthorized");
    socket.destroy();
  });
});
