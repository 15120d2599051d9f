import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createClientAddresses } from "./client-address.ts";
import { type Listener, startListening } from "./listen.ts";

let listener: Listener | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await listener?.close();
  listener = undefined;
});

/** Loopback has many addresses: each stands for another client. */
async function dial(localAddress: string, text = ""): Promise<Socket & { isEnded?: boolean }> {
  const socket = connect({ port: listener?.port ?? 0, host: "127.0.0.1", localAddress });
  sockets.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  if (text !== "") socket.write(text);
  return socket;
}
const answerOf = async (socket: Socket): Promise<string> => String((await once(socket, "data"))[0]);
const HEALTH = "GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";
const isOpen = (socket: Socket) => !socket.destroyed && !socket.readableEnded;

test("an address that holds idle connections at the cap loses its oldest ones, and newcomers are answered", async () => {
  listener = await startListening({ host: "127.0.0.1", port: 0, perAddress: 1_000, maxConnections: 20 });
  const idle: Socket[] = [];
  for (let count = 0; count < 20; count++) idle.push(await dial("127.0.0.2"));
  const honest = await dial("127.0.0.3", HEALTH);
  expect(await answerOf(honest)).toMatch(/^HTTP\/1.1 200/);
  await expect.poll(() => idle.filter(isOpen).length, { timeout: 10_000 }).toBeLessThanOrEqual(20);
  const [oldest] = idle;
  oldest?.resume();
  await expect.poll(() => oldest && isOpen(oldest)).toBe(false);
});

test("one address holds at most as many connections as it may, and others are not touched", async () => {
  listener = await startListening({ host: "127.0.0.1", port: 0, perAddress: 5, maxConnections: 100 });
  const other = await dial("127.0.0.3");
  const idle: Socket[] = [];
  for (let count = 0; count < 12; count++) {
    const socket = await dial("127.0.0.2");
    socket.resume();
    idle.push(socket);
  }
  await expect.poll(() => idle.filter(isOpen).length).toBe(5);
  other.write(HEALTH);
  expect(await answerOf(other)).toMatch(/^HTTP\/1.1 200/);
  const [newest] = idle.slice(-1);
  newest?.write(HEALTH);
  expect(newest && (await answerOf(newest))).toMatch(/^HTTP\/1.1 200/);
});

test("a connection with an active request is never ended; if all are active, the next one is rejected with the reason", async () => {
  listener = await startListening({ host: "127.0.0.1", port: 0, perAddress: 2, maxConnections: 100 });
  const releases: (() => void)[] = [];
  listener.handOver({ routing: (_request, response) => void releases.push(() => response.end("done")) });
  const running = [await dial("127.0.0.2", HEALTH), await dial("127.0.0.2", HEALTH)];
  await expect.poll(() => releases.length).toBe(2);
  const third = await dial("127.0.0.2");
  expect(await answerOf(third)).toMatch(/^HTTP\/1\.1 503.*TREADLE_CONNECTIONS_PER_ADDRESS/s);
  const answers = running.map(answerOf);
  for (const finish of releases) finish();
  expect((await Promise.all(answers)).every((answer) => answer.startsWith("HTTP/1.1 200"))).toBe(true);
  const fourth = await dial("127.0.0.2", HEALTH);
  await expect.poll(() => releases.length).toBe(3);
  releases[2]?.();
  expect(await answerOf(fourth)).toMatch(/^HTTP\/1.1 200/);
});

test("a trusted proxy holds more than one address may", async () => {
  const clients = createClientAddresses(["127.0.0.2"]);
  listener = await startListening({ host: "127.0.0.1", port: 0, perAddress: 2, maxConnections: 100, clients });
  const open = [];
  for (let count = 0; count < 6; count++) open.push(await dial("127.0.0.2", HEALTH));
  const answers = await Promise.all(open.map(answerOf));
  expect(answers.filter((answer) => answer.startsWith("HTTP/1.1 200"))).toHaveLength(6);
});
