import { createHash } from "node:crypto";
import { connect as connectHttp2 } from "node:http2";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  jsonLogs,
  jsonSpan,
  jsonTraces,
} from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import {
  logsToProtobuf,
  tracesToProtobuf,
} from "../../../packages/server/src/modules/observe/traces/otlp/testing/to-protobuf.ts";
import { type GrpcClient, openGrpcClient } from "../../../packages/server/src/platform/grpc/testing/call-grpc.ts";
import {
  CONTINUATION,
  callHeaders,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  HEADERS,
  headerBlock,
  message,
  RESET,
  sendRaw,
} from "../../../packages/server/src/platform/grpc/testing/raw-frames.ts";
import { startTreadle } from "../../setup/start-treadle.ts";
import { MIB, type OtlpWorld, openOtlpWorld } from "./otlp-world.ts";

const TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
const METRICS = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

let world: OtlpWorld;
let port: number;
let client: GrpcClient;
let headers: { readonly authorization: string };
beforeAll(async () => {
  world = await openOtlpWorld({ TREADLE_OTLP_GRPC_PORT: "0" });
  port = portOf(world.grpcUrl);
  client = openGrpcClient(port);
  headers = { authorization: `Bearer ${world.apiKey}` };
});
afterAll(async () => {
  client?.close();
  await world?.stop();
});

const portOf = (url: string) => Number(new URL(url).port);
const span = () => jsonSpan({ attributes: { step: "one" } });
const bodyOf = (...spans: Parameters<typeof jsonTraces>[0]) => tracesToProtobuf(jsonTraces(spans));
const send = (bytes: Buffer, path = TRACES) => client.call(path, bytes, { headers });

describe("what HTTP takes and refuses, over gRPC", () => {
  test.each([false, true])("a span that is answered with success is stored (compressed: %s)", async (isZipped) => {
    const sent = span();
    const answer = await client.call(TRACES, bodyOf(sent), { headers, isZipped });
    expect([answer.code, answer.bytes.length]).toEqual(["OK", 0]);
    expect(await world.trace(String(sent.traceId))).toHaveLength(1);
  });

  test("what cannot be taken is counted in the answer, with the reason", async () => {
    const good = span();
    const answer = await send(bodyOf(good, jsonSpan({ traceId: "0".repeat(32) })));
    expect([answer.code, answer.bytes.includes("1 span was rejected")]).toEqual(["OK", true]);
    expect(await world.trace(String(good.traceId))).toHaveLength(1);
  });

  test("logs and metrics have their own services, and others are not there", async () => {
    const logs = jsonLogs([{ traceId: "a".repeat(32), spanId: "b".repeat(16), eventName: "gen_ai.choice" }]);
    expect((await send(logsToProtobuf(logs), LOGS)).code).toBe("OK");
    expect((await send(Buffer.alloc(0), METRICS)).code).toBe("OK");
    expect((await send(Buffer.alloc(0), "/opentelemetry.proto.collector.profiles.v1/Export")).code).toBe(
      "UNIMPLEMENTED",
    );
  });

  test("what is no OTLP is refused for good", async () => {
    const answer = await send(Buffer.from("hello there"));
    expect(answer).toMatchObject({ code: "INVALID_ARGUMENT", retrySeconds: null });
    expect(answer.details).toContain("protobuf");
  });

  test("more than 64 MiB after decompression is refused for good, however small it arrives", async () => {
    const before = world.peakMib();
    const zeros = Buffer.alloc(100 * MIB);
    const bomb = await client.call(TRACES, zeros, { headers, isZipped: true });
    expect(bomb).toMatchObject({ code: "RESOURCE_EXHAUSTED", retrySeconds: null });
    expect(await send(zeros.subarray(0, 65 * MIB))).toMatchObject({ code: "RESOURCE_EXHAUSTED", retrySeconds: null });
    expect(world.peakMib() - before).toBeLessThan(400);
  });
});

describe("who may send", () => {
  const body = bodyOf(span());
  const codeFor = async (given: Record<string, string>) => (await client.call(TRACES, body, { headers: given })).code;

  test("a key is taken wherever HTTP takes it", async () => {
    const basic = Buffer.from(`pk-any:${world.apiKey}`).toString("base64");
    for (const given of [headers, { authorization: `Basic ${basic}` }, { "x-api-key": world.apiKey }])
      expect(await codeFor(given)).toBe("OK");
  });

  test("no key, a wrong key, a key without the permission and another project are distinguished", async () => {
    const reader = await world.call("POST /api/v1/api-keys", {
      body: { name: "reader", permissions: ["traces:read"] },
    });
    expect(await codeFor({})).toBe("UNAUTHENTICATED");
    expect(await codeFor({ authorization: "Bearer tr_wrong_0123456789" })).toBe("UNAUTHENTICATED");
    expect(await codeFor({ cookie: "treadle_session=x" })).toBe("UNAUTHENTICATED");
    expect(await codeFor({ authorization: `Bearer ${reader.key}` })).toBe("PERMISSION_DENIED");
    expect(await codeFor({ ...headers, "x-treadle-project": "project_other" })).toBe("NOT_FOUND");
  });

  test("a caller who guesses keys must wait, over HTTP too, and a right key never waits", async () => {
    let answer = await client.call(TRACES, body, { headers: { authorization: "Bearer tr_guess_000000000000" } });
    for (let count = 0; count < 40 && answer.code === "UNAUTHENTICATED"; count++)
      answer = await client.call(TRACES, body, { headers: { authorization: `Bearer tr_guess_${count}_0000000000` } });
    expect(answer).toMatchObject({ code: "RESOURCE_EXHAUSTED", retrySeconds: expect.any(Number) });
    const overHttp = await world.post(body, { headers: { authorization: "Bearer tr_guess_over_http_0000" } });
    expect(overHttp.status).toBe(429);
    expect(await codeFor(headers)).toBe("OK");
  });

  test("a message is not read before its sender is known", async () => {
    const before = world.peakMib();
    const large = Buffer.alloc(60 * MIB);
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.call(TRACES, large)));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(["UNAUTHENTICATED"]));
    expect(world.peakMib() - before).toBeLessThan(100);
  });
});

describe("hostile bytes", () => {
  const chat = tracesToProtobuf(
    jsonTraces([
      jsonSpan({ attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", list: [1, "two"] } }),
    ]),
  );
  const known = (more: Record<string, string> = {}) => callHeaders(TRACES, { ...headers, ...more });
  const headersFrame = (more: Record<string, string> = {}) => frame([HEADERS, END_HEADERS, 1], known(more));

  test("messages with bytes changed anywhere are stored, stored in part or rejected", async () => {
    const change = fc.record({ at: fc.nat(chat.length - 1), bytes: fc.uint8Array({ maxLength: 12 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const mutated = Buffer.from(chat);
        for (const { at, bytes } of changes) mutated.set(bytes.subarray(0, mutated.length - at), at);
        expect(["OK", "INVALID_ARGUMENT"]).toContain((await send(mutated)).code);
      }),
      { numRuns: 300 },
    );
  });

  /** The gRPC status number of one call over HTTP/2. */
  function statusOf(bytes: Buffer, more: Record<string, string> = {}): Promise<string> {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    return new Promise<string>((resolve, reject) => {
      session.on("error", reject);
      const call = session.request({
        ":method": "POST",
        ":path": TRACES,
        "content-type": "application/grpc",
        te: "trailers",
        ...headers,
        ...more,
      });
      call.on("error", reject);
      for (const event of ["response", "trailers"] as const)
        call.on(event, (answered: Record<string, unknown>) => {
          if (answered["grpc-status"] !== undefined) resolve(String(answered["grpc-status"]));
        });
      call.resume();
      call.end(bytes);
    }).finally(() => session.destroy());
  }

  test.each([
    ["no message", Buffer.alloc(0), {}, "12"],
    ["half a prefix", Buffer.from([0, 0]), {}, "12"],
    ["a prefix that claims more than comes", message(chat, { length: chat.length + 9 }), {}, "12"],
    ["a prefix that claims less than comes", message(chat, { length: chat.length - 3 }), {}, "3"],
    ["a prefix that claims 4 GiB", message(chat, { length: 0xffff_ffff }), {}, "8"],
    ["two messages", Buffer.concat([message(chat), message(chat)]), {}, "12"],
    ["compression that is none", message(chat, { flag: 1 }), { "grpc-encoding": "gzip" }, "13"],
    ["compression that nobody knows", message(chat, { flag: 1 }), { "grpc-encoding": "zip" }, "12"],
    [
      "compression that breaks off",
      message(gzipSync(chat).subarray(0, 40), { flag: 1 }),
      { "grpc-encoding": "gzip" },
      "13",
    ],
    ["a flag that is none", message(chat, { flag: 7 }), {}, "0"],
    ["a timeout that is none", message(chat), { "grpc-timeout": "soon" }, "13"],
  ])("%s has a status that says so", async (...[, bytes, more, status]) => {
    expect(await statusOf(bytes, more)).toBe(status);
  });

  const manyHeaders = headerBlock(
    Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`x-${at}`, "y".repeat(99)])),
  );
  test.each<[string, Buffer, boolean]>([
    ["HTTP/1.1", Buffer.from("POST /v1/traces HTTP/1.1\r\nhost: x\r\n\r\n"), false],
    ["the hello of TLS", Buffer.from("16030100f8010000f40303", "hex"), false],
    ["noise", createHash("sha512").update("noise").digest(), false],
    ["headers without end", Buffer.concat([headersFrame(), frame([HEADERS, 0, 3], known())]), true],
    ["40 KiB of headers", frame([HEADERS, 0, 1], Buffer.concat([known(), manyHeaders]).subarray(0, 16_384)), true],
    [
      "a flood of continuations",
      Buffer.concat([
        frame([HEADERS, 0, 1], known()),
        ...Array.from({ length: 2_000 }, () => frame([CONTINUATION, 0, 1], manyHeaders.subarray(0, 1_040))),
      ]),
      true,
    ],
    [
      "a thousand calls on one connection",
      Buffer.concat(Array.from({ length: 1_000 }, (_, at) => frame([HEADERS, END_HEADERS, 1 + at * 2], known()))),
      true,
    ],
    [
      "calls taken back at once",
      Buffer.concat(
        Array.from({ length: 3_000 }, (_, at) =>
          Buffer.concat([
            frame([HEADERS, END_HEADERS, 1 + at * 2], known()),
            frame([RESET, 0, 1 + at * 2], Buffer.from([0, 0, 0, 8])),
          ]),
        ),
      ),
      true,
    ],
    ["pings", Buffer.concat(Array.from({ length: 20_000 }, () => frame([6, 0, 0], Buffer.alloc(8)))), true],
    ["settings", Buffer.concat(Array.from({ length: 20_000 }, () => frame([4, 0, 0]))), true],
    [
      "another content type",
      frame([HEADERS, END_HEADERS, 1], callHeaders(TRACES, { "content-type": "text/html" })),
      true,
    ],
    ["a path of strange bytes", frame([HEADERS, END_HEADERS, 1], callHeaders("/\u00ff%00\u00e9/../x")), true],
    [
      "a key of strange bytes",
      frame([HEADERS, END_HEADERS, 1], known({ authorization: "Bearer \u00fc\u00ff\u00e9" })),
      true,
    ],
    ["data of no call", frame([DATA, 0, 5], Buffer.alloc(100)), true],
    [
      "a call that is broken off within its message",
      Buffer.concat([headersFrame(), frame([DATA, 0, 1], message(chat, { length: 9_999 }))]),
      true,
    ],
  ])("%s takes nothing from other senders", async (_, bytes, hasPreface) => {
    await sendRaw(port, bytes, { hasPreface });
    const sent = span();
    expect((await send(bodyOf(sent))).code).toBe("OK");
  });

  test("frames of any kind in any order take nothing from other senders", async () => {
    const stream = fc.integer({ min: 0, max: 6 });
    const any = fc.oneof(
      stream.map((id) => frame([HEADERS, END_HEADERS, id * 2 + 1], known())),
      stream.map((id) => frame([HEADERS, END_HEADERS + END_STREAM, id * 2 + 1], callHeaders("/nothing"))),
      stream.map((id) => frame([HEADERS, END_HEADERS, id * 2 + 1], known({ "grpc-timeout": "1n" }))),
      stream.map((id) => frame([RESET, 0, id * 2 + 1], Buffer.from([0, 0, 0, 8]))),
      fc.tuple(stream, fc.nat(1)).map(([id, end]) => frame([DATA, end, id * 2 + 1], message(chat))),
      fc
        .tuple(fc.nat(12), fc.nat(255), stream, fc.uint8Array({ maxLength: 40 }))
        .map(([type, flags, id, bytes]) => frame([type, flags, id], bytes)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(any, { minLength: 1, maxLength: 12 }), async (frames) => {
        await sendRaw(port, Buffer.concat(frames), { quietMs: 10 });
      }),
      { numRuns: 300 },
    );
    expect((await send(bodyOf(span()))).code).toBe("OK");
  });

  test("the thread that reads was never lost over it, nothing hangs, and no key was written anywhere", async () => {
    expect(await world.metric("treadle_otlp_thread_restarts")).toBe(0);
    await expect.poll(() => world.metric("treadle_grpc_open_calls"), { timeout: 20_000 }).toBe(0);
    // The server prints an example call with a placeholder for the key.
    expect(world.output().replace("Bearer $TREADLE_BOOTSTRAP_KEY", "")).not.toContain("Bearer");
  });
});

test("a thousand concurrent calls are stored or asked to retry", async () => {
  const spans = Array.from({ length: 1_000 }, () => jsonSpan({ traceId: "c".repeat(32) }));
  const answers = await Promise.all(spans.map((sent) => send(bodyOf(sent))));
  const accepted = answers.filter(({ code }) => code === "OK").length;
  expect(answers.every(({ code, retrySeconds }) => code === "OK" || (code === "UNAVAILABLE" && retrySeconds))).toBe(
    true,
  );
  expect(accepted).toBeGreaterThan(100);
  expect((await world.trace("c".repeat(32), accepted)).length).toBe(accepted);
});

describe("the port", () => {
  test("that another program has stops the start with a sentence that names the setting", async () => {
    const start = startTreadle({ env: { TREADLE_OTLP_GRPC_PORT: String(port) } });
    await expect(start).rejects.toThrow(new RegExp(`Port ${port} on .* is in use.*set TREADLE_OTLP_GRPC_PORT`));
  });

  test("that HTTP has too stops the start", async () => {
    const start = startTreadle({ env: { TREADLE_PORT: "4999", TREADLE_OTLP_GRPC_PORT: "4999" } });
    await expect(start).rejects.toThrow("TREADLE_OTLP_GRPC_PORT: gRPC needs a different port");
  });
});

test("a stop answers the calls that came, or lets their senders try again", async () => {
  const treadle = await startTreadle({ env: { TREADLE_OTLP_GRPC_PORT: "0", TREADLE_SAMPLE_DATA: "false" } });
  const sender = openGrpcClient(portOf(treadle.grpcUrl));
  const asOwner = { headers: { authorization: `Bearer ${treadle.apiKey}` } };
  const calls = Array.from({ length: 50 }, () => sender.call(TRACES, bodyOf(span()), asOwner));
  await calls[0];
  await treadle.stop();
  const codes = new Set((await Promise.all(calls)).map(({ code }) => code));
  codes.delete("UNAVAILABLE");
  expect([...codes]).toEqual(["OK"]);
  sender.close();
});
