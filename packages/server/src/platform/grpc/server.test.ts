import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { AppError } from "../../kernel/errors.ts";
import { startGrpcListening } from "./listen.ts";
import { callHeaders, END_HEADERS, frame, HEADERS, message, sendRaw } from "./testing/raw-frames.ts";
import { ECHO, startGrpc } from "./testing/start-grpc.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
async function start(options: Parameters<typeof startGrpc>[0] = {}) {
  const started = await startGrpc(options);
  open.push(started);
  started.server.start();
  return started;
}
/** A promise, and how to keep it. */
function hold() {
  let release = () => {};
  const releasedSignal = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { held: releasedSignal, release };
}
const asWriter = { authorization: "Bearer writer" };
const headersFrame = frame([HEADERS, END_HEADERS, 1], callHeaders(ECHO, asWriter));

test("a message reaches its method as bytes and so does the answer, plain or compressed", async () => {
  const { echo } = await start();
  expect([(await echo("hi")).bytes.toString(), (await echo("ho", "writer", true)).bytes.toString()]).toEqual([
    "hi",
    "ho",
  ]);
  expect((await echo("")).code).toBe("OK");
});

test("a method without a permission that is known stops the start", async () => {
  await expect(startGrpc({ permission: "public" as never })).rejects.toThrow(
    `${ECHO} does not name a known permission`,
  );
});

test("no key, a wrong key and a key without the permission are distinguished, and the method never runs", async () => {
  let calls = 0;
  const { echo, client } = await start({
    async handle(_scope, bytes) {
      calls += 1;
      return bytes;
    },
  });
  const answers = [await client.call(ECHO, Buffer.alloc(0)), await echo("x", "other"), await echo("x", "reader")];
  expect(answers.map(({ code }) => code)).toEqual(["UNAUTHENTICATED", "UNAUTHENTICATED", "PERMISSION_DENIED"]);
  expect(answers[2]?.details).toContain('"traces:write"');
  expect(calls).toBe(0);
});

test("an unexpected error is not revealed", async () => {
  const { echo } = await start();
  const answer = await echo("x", "broken");
  expect([answer.code, answer.details.includes("secret")]).toEqual(["INTERNAL", false]);
});

test("an error retains its message, and includes the time to retry if known", async () => {
  const errors: Record<string, unknown> = {
    wrong: new AppError("invalid_request", { message: "Bad \u2602 \ud800 %41" }),
    full: new AppError("overloaded", { retryAfterSeconds: 7 }),
    bug: new TypeError("secret"),
  };
  const { echo } = await start({ handle: async (_scope, bytes) => Promise.reject(errors[bytes.toString()]) });
  expect(await echo("wrong")).toMatchObject({
    code: "INVALID_ARGUMENT",
    details: "Bad \u2602 \ufffd %41",
    retrySeconds: null,
  });
  expect(await echo("full")).toMatchObject({ code: "UNAVAILABLE", retrySeconds: 7 });
  expect(await echo("bug")).toMatchObject({ code: "INTERNAL", details: expect.not.stringContaining("secret") });
});

test("a message that is too large is refused, also when it only becomes so by decompression", async () => {
  const { echo } = await start();
  const large = "x".repeat(1_000_001);
  expect((await echo(large)).code).toBe("RESOURCE_EXHAUSTED");
  expect((await echo(large, "writer", true)).code).toBe("RESOURCE_EXHAUSTED");
  expect((await echo("x".repeat(999_999))).code).toBe("OK");
});

test("while messages in progress take all the room, another call is asked to retry, and accepted later", async () => {
  const { held, release } = hold();
  const { echo } = await start({
    maxBytes: 1_500_000,
    async handle(_scope, bytes) {
      if (bytes.length > 100) await held;
      return bytes;
    },
  });
  const first = echo("x".repeat(900_000));
  await expect.poll(async () => (await echo("hi")).code).toBe("UNAVAILABLE");
  expect(await echo("hi")).toMatchObject({ retrySeconds: 1 });
  release();
  expect((await first).code).toBe("OK");
  await expect.poll(async () => (await echo("hi")).code).toBe("OK");
});

test("a call that is never sent to its end is ended, and others are answered meanwhile", async () => {
  const { listener, echo } = await start({ limits: { receiveMs: 300 } });
  const session = connectHttp2(listener.url);
  const call = session.request({ ":method": "POST", ":path": ECHO, "content-type": "application/grpc", ...asWriter });
  call.write(message(Buffer.from("part"), { length: 1_000 }));
  expect((await echo("hi")).code).toBe("OK");
  const [headers] = await once(call, "response");
  expect(headers).toMatchObject({
    "grpc-status": "4",
    "grpc-message": expect.stringContaining("did%20not%20arrive%20completely"),
  });
  session.destroy();
});

test("a connection without an authenticated call ends soon; one that an authenticated caller used stays", async () => {
  const { listener, echo } = await start({ strangerMs: 200 });
  expect((await echo("hi")).code).toBe("OK");
  const silent = await sendRaw(listener.port, Buffer.alloc(0), { quietMs: 2_000, hasPreface: false });
  const refused = frame([HEADERS, END_HEADERS, 1], callHeaders(ECHO));
  const stranger = await sendRaw(listener.port, refused, { quietMs: 2_000 });
  expect([silent.isClosed, stranger.isClosed]).toEqual([true, true]);
  const known = await sendRaw(listener.port, headersFrame, { quietMs: 1_000 });
  expect(known.isClosed).toBe(false);
});

test("who connects before the server is whole is answered once it is", async () => {
  const started = await startGrpc();
  open.push(started);
  const early = started.echo("early");
  await new Promise((resolve) => setTimeout(resolve, 200));
  started.server.start();
  expect((await early).bytes.toString()).toBe("early");
});

test("a stop answers what is running, takes nothing new and does not wait for connections that are only open", async () => {
  const { held, release } = hold();
  const { server, listener, echo } = await startGrpc({
    async handle(_scope, bytes) {
      await held;
      return bytes;
    },
  });
  server.start();
  const idle = connect(listener.port, "127.0.0.1");
  const running = echo("running");
  await new Promise((resolve) => setTimeout(resolve, 200));
  const closed = server.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await echo("late")).code).toBe("UNAVAILABLE");
  release();
  expect((await running).bytes.toString()).toBe("running");
  const startedAt = performance.now();
  await closed;
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  idle.destroy();
});

test("a stop breaks off what does not end in time", async () => {
  const { server, echo } = await startGrpc({ drainSeconds: 0.2, handle: () => new Promise(() => {}) });
  server.start();
  const running = echo("for ever");
  await new Promise((resolve) => setTimeout(resolve, 200));
  await server.close();
  expect(["UNAVAILABLE", "CANCELLED"]).toContain((await running).code);
});

test("a port that is in use is named together with the setting to change", async () => {
  const { listener } = await start();
  const second = startGrpcListening({ host: "127.0.0.1", port: listener.port });
  await expect(second).rejects.toThrow(new RegExp(`Port ${listener.port} on .* is in use.*TREADLE_OTLP_GRPC_PORT`));
});
