import { afterEach, beforeEach, expect, test } from "vitest";
import { makeOrder } from "../testing/make-order.ts";
import { jsonSpan, jsonTraces } from "../testing/otlp-json.ts";
import { tracesToProtobuf } from "../testing/to-protobuf.ts";
import { createDigestThread } from "./digest-thread.ts";

const script = new URL("../testing/mortal-worker.ts", import.meta.url);
const lines: string[] = [];
const log = { debug() {}, info() {}, warn() {}, error: (_: object, message: string) => void lines.push(message) };
let thread: ReturnType<typeof createDigestThread>;
beforeEach(() => {
  lines.length = 0;
  thread = createDigestThread({ log, script, limits: { maxBytes: 60_000_000 } });
});
afterEach(() => thread.close());

const good = () => makeOrder(tracesToProtobuf(jsonTraces([jsonSpan(), jsonSpan()])));
/** The input that ends this test's thread. */
const deadly = () => makeOrder(Buffer.from("deadly"));

test("requests are read in order, and a problem is reported only to its sender", async () => {
  const answers = await Promise.allSettled([
    thread.digest(good()),
    thread.digest(makeOrder(Buffer.from("x"))),
    thread.digest(good()),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(answers[1]).toMatchObject({
    reason: { code: "invalid_request", message: expect.stringContaining("protobuf") },
  });
  expect([thread.waitingRequests(), thread.waitingBytes()]).toEqual([0, 0]);
});

test("a thread that dies loses only its active requests, whose senders are asked to retry", async () => {
  const [killed, beside, behind] = await Promise.allSettled([deadly(), good(), good()].map(thread.digest));
  expect(killed).toMatchObject({ reason: { code: "unavailable", retryAfterSeconds: 1 } });
  expect(beside).toMatchObject({ reason: { code: "unavailable", retryAfterSeconds: 1 } });
  expect(behind).toMatchObject({ value: { received: 2 } });
  expect(thread.restarts()).toBe(1);
  expect(lines).toEqual(["the thread that reads OTLP ended; a new thread starts with the next request"]);
  expect((await thread.digest(good())).received).toBe(2);
});

test("more than may wait is refused with a time to come back, and taken again later", async () => {
  const large = () => makeOrder(new Uint8Array(40_000_000), { isProtobuf: false });
  const first = thread.digest(large());
  await expect(thread.digest(large())).rejects.toMatchObject({ code: "overloaded", retryAfterSeconds: 1 });
  await expect(first).rejects.toMatchObject({ code: "invalid_request" });
  expect((await thread.digest(good())).received).toBe(2);
});

test("one request is always taken, however large", async () => {
  await expect(thread.digest(makeOrder(new Uint8Array(61_000_000), { isProtobuf: false }))).rejects.toMatchObject({
    code: "invalid_request",
  });
});

test("a part of a shared buffer is read without taking the buffer", async () => {
  const { bytes } = good();
  const shared = new Uint8Array(bytes.length + 100);
  shared.set(bytes, 50);
  const digest = await thread.digest(makeOrder(shared.subarray(50, 50 + bytes.length)));
  expect([digest.received, shared.length]).toEqual([2, bytes.length + 100]);
});

test("a stop tells those who wait to try again", async () => {
  const waiting = [thread.digest(good()), thread.digest(good()), thread.digest(good())];
  const settled = Promise.allSettled(waiting);
  await thread.close();
  expect((await settled).map((result) => result.status === "rejected" && result.reason.code)).toEqual(
    Array(3).fill("unavailable"),
  );
  await expect(thread.digest(good())).rejects.toMatchObject({ code: "unavailable" });
});

test("an order is read with rests when it may", async () => {
  let mayRest = true;
  const telling = createDigestThread({
    log,
    script: new URL("../testing/telling-worker.ts", import.meta.url),
    turns: { begin: () => true, end() {}, mayRest: () => mayRest },
  });
  await expect(telling.digest(good())).rejects.toThrow("with rests");
  mayRest = false;
  await expect(telling.digest(good())).rejects.toThrow("at a stretch");
  await telling.close();
});
