import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHttp } from "../../../packages/server/src/platform/http/testing/start-http.ts";

let server: Awaited<ReturnType<typeof startHttp>>;
const sockets: Socket[] = [];

beforeAll(async () => {
  const limits = {
    headersTimeout: 400,
    requestTimeout: 800,
    keepAliveTimeout: 60_000,
    connectionsCheckingInterval: 100,
  };
  server = await startHttp({ limits });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

/** Opens a connection and sends `text`. Returns the response, and when the connection closed. */
async function open(text: string) {
  const socket = connect(server.port, "127.0.0.1");
  sockets.push(socket);
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk;
  });
  socket.on("error", () => undefined);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await once(socket, "connect");
  socket.write(text);
  return { socket, closed, received: () => received };
}
const HEAD =
  "POST /api/v1/notes HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer right\r\ncontent-type: application/json\r\n";
const isServed = async () => (await server.get("/healthz")).status === 200;

test("a head that comes a byte at a time is given up, and others are served meanwhile", async () => {
  const { socket, closed, received } = await open("GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-slow: ");
  const dripping = setInterval(() => socket.write("a"), 50);
  expect(await isServed()).toBe(true);
  await closed;
  clearInterval(dripping);
  expect(received()).toContain("408 Request Timeout");
});

test("a body that never ends is given up", async () => {
  const { socket, closed } = await open(`${HEAD}content-length: 100000\r\n\r\n{"text":"`);
  const dripping = setInterval(() => socket.write("a"), 50);
  await closed;
  clearInterval(dripping);
  expect(await isServed()).toBe(true);
});

test("a body shorter than its length leaves nothing behind when its sender goes", async () => {
  const { socket } = await open(`${HEAD}content-length: 1000\r\n\r\n{"text":"cut`);
  await delay(50);
  socket.destroy();
  await expect.poll(() => server.logged()).toContain('"status":499');
  expect(await isServed()).toBe(true);
});

test("a body longer than its length is not taken for a part of it", async () => {
  const { received } = await open(`${HEAD}content-length: 12\r\n\r\n{"text":"a"}{"text":"smuggled"}`);
  await expect.poll(received).toContain("400 Bad Request");
  expect(received()).not.toContain("smuggled");
});

test("two lengths, and a length with chunks, are rejected", async () => {
  const two = await open(`${HEAD}content-length: 2\r\ncontent-length: 12\r\n\r\n{"text":"a"}`);
  const both = await open(`${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`);
  for (const { received } of [two, both]) await expect.poll(received).toContain("400 Bad Request");
});

test("64 kB of headers are 431", async () => {
  const { received, closed } = await open(
    `GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-large: ${"a".repeat(64_000)}\r\n\r\n`,
  );
  await closed;
  expect(received()).toContain("431");
});

test("invalid HTTP gets an error and is closed", async () => {
  const { received, closed } = await open("hello there\r\n\r\n");
  await closed;
  expect(received()).toContain("400 Bad Request");
});

test("two thousand idle connections do not block others", async () => {
  for (let count = 0; count < 20; count++) {
    await Promise.all(Array.from({ length: 100 }, () => open("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")));
  }
  expect(await isServed()).toBe(true);
});

test("who holds all the connections there may be makes room for the next caller", async () => {
  const own = await startHttp({ maxConnections: 50 });
  const idle = Array.from({ length: 50 }, () => connect(own.port, "127.0.0.1"));
  sockets.push(...idle);
  for (const socket of idle) {
    socket.on("error", () => undefined);
    socket.write("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
    await once(socket, "data");
  }
  const isNextServed = () =>
    own.get("/healthz").then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isNextServed).toBe(true);
  await own.close();
});
