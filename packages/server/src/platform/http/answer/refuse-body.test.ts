import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHttp } from "../testing/start-http.ts";

let server: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  server = await startHttp();
});
afterAll(() => server.close());

const ONE_GIB = 1024 ** 3;
const MOST_TAKEN = 64 * 1024 * 1024;

/** Sends a body for as long as the server takes it; gives the answer, and how much went out until the connection ended. */
async function pour(head: string) {
  const socket = connect(server.port, "127.0.0.1");
  const piece = Buffer.alloc(1024 * 1024);
  let answer = "";
  socket.on("data", (bytes) => {
    answer += bytes.toString();
  });
  socket.on("error", () => undefined);
  socket.write(`${head}\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\r\n`);
  const send = () => {
    if (socket.destroyed || socket.bytesWritten > ONE_GIB) return;
    if (socket.write(piece)) setImmediate(send);
    else socket.once("drain", send);
  };
  send();
  await once(socket, "close");
  return { answer, sent: socket.bytesWritten - socket.writableLength };
}

test.each([
  ["a body of a known length", `POST /api/v1/notes HTTP/1.1\r\ncontent-length: ${ONE_GIB}`],
  ["a route that does not exist", `POST /api/v1/nothing HTTP/1.1\r\ncontent-length: ${ONE_GIB}`],
  ["a wrong key", `POST /v1/messages HTTP/1.1\r\nauthorization: Bearer wrong\r\ncontent-length: ${ONE_GIB}`],
])("%s is answered, and then the connection ends before 1 GiB was read", async (_name, head) => {
  const { answer, sent } = await pour(head);
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(answer).toContain("Connection: close");
  expect(sent).toBeLessThan(MOST_TAKEN);
});

test("a small body that is refused leaves the connection open for the next request", async () => {
  const socket = connect(server.port, "127.0.0.1");
  const request =
    "POST /api/v1/notes HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
  let answer = "";
  socket.on("data", (bytes) => {
    answer += bytes.toString();
  });
  socket.write(request);
  await expect.poll(() => answer).toContain("401");
  socket.write(request);
  await expect.poll(() => answer.split("HTTP/1.1 401").length).toBe(3);
  expect(answer).not.toContain("Connection: close");
  socket.destroy();
});
