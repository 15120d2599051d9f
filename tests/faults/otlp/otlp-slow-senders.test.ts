import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonSpan, jsonTraces } from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { tracesToProtobuf } from "../../../packages/server/src/modules/observe/traces/otlp/testing/to-protobuf.ts";
import { MIB, type OtlpWorld, openOtlpWorld } from "./otlp-world.ts";

let world: OtlpWorld;
const sockets: Socket[] = [];
beforeAll(async () => {
  world = await openOtlpWorld();
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await world?.stop();
});

/** Starts a request that announces this many bytes. */
async function begin(length: number, more = "") {
  const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
  sockets.push(socket);
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk;
  });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(
    `POST /v1/traces HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${world.apiKey}\r\n${more}content-type: application/x-protobuf\r\ncontent-length: ${length}\r\n\r\n`,
  );
  return { socket, received: () => received };
}
const bodyOf = (...spans: Parameters<typeof jsonTraces>[0]) => tracesToProtobuf(jsonTraces(spans));

test("senders that announce the largest bodies and send a byte at a time do not delay others", async () => {
  const slow = await Promise.all(Array.from({ length: 20 }, () => begin(63 * MIB)));
  const dripping = setInterval(() => {
    for (const { socket } of slow) socket.write("a");
  }, 50);
  try {
    for (const size of [1, 1_000_000, 20_000_000]) {
      const span = jsonSpan({ attributes: { text: "x".repeat(size) } });
      expect((await world.post(bodyOf(span))).status).toBe(200);
      expect(await world.trace(String(span.traceId))).toHaveLength(1);
    }
  } finally {
    clearInterval(dripping);
    for (const { socket } of slow) socket.destroy();
  }
});

test("a thousand waiting connections do not delay others", async () => {
  const idle = await Promise.all(Array.from({ length: 1_000 }, () => begin(10)));
  const span = jsonSpan();
  expect((await world.post(bodyOf(span))).status).toBe(200);
  for (const { socket } of idle) socket.destroy();
});

test("a body that ends before its length is not stored, and bytes after its length are not read as spans", async () => {
  const [cut, whole, smuggled] = [jsonSpan(), jsonSpan(), jsonSpan()];
  const short = await begin(bodyOf(cut).length + 1);
  short.socket.end(bodyOf(cut));
  const long = await begin(bodyOf(whole).length);
  long.socket.write(Buffer.concat([bodyOf(whole), bodyOf(smuggled)]));
  await Promise.all([short, long].map(({ socket }) => socket.closed || once(socket, "close")));
  const after = jsonSpan();
  expect((await world.post(bodyOf(after))).status).toBe(200);
  expect(await world.trace(String(after.traceId))).toHaveLength(1);
  for (const { traceId } of [cut, smuggled]) expect((await world.get(`/api/v1/traces/${traceId}`)).status).toBe(404);
});

test("64 kB of headers are 431", async () => {
  const { received } = await begin(0, `x-large: ${"a".repeat(64_000)}\r\n`);
  await expect.poll(received).toContain("431");
});
