import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createOutbound } from "./open.ts";
import type { Outbound, OutboundHandler, OutboundRequest } from "./port.ts";

const timeouts = { connectMs: 1_000, firstByteMs: 2_000, idleMs: 2_000, totalMs: 5_000 };
const open: { server: Server[]; outbound: Outbound[] } = { server: [], outbound: [] };

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  open.server.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  return { port: (server.address() as AddressInfo).port, server };
}
function outboundOf(options: Parameters<typeof createOutbound>[0]) {
  const outbound = createOutbound(options);
  open.outbound.push(outbound);
  return outbound;
}
const ask = (url: string, more: Partial<OutboundRequest> = {}) => ({
  method: "POST" as const,
  url,
  headers: {},
  timeouts,
  maxBytes: 1_000_000,
  ...more,
});

afterEach(async () => {
  await Promise.all(open.outbound.splice(0).map((outbound) => outbound.close()));
  for (const server of open.server.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe("addresses", () => {
  test("a private address is refused before anything is sent", async () => {
    let requests = 0;
    const { port, server } = await serve((_request, response) => response.end("secret"));
    server.on("connection", () => requests++);
    const outbound = outboundOf({ allow: [] });
    await expect(outbound.request(ask(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({ kind: "refused_address" });
    await expect(outbound.request(ask(`http://localhost:${port}/`))).rejects.toMatchObject({ kind: "refused_address" });
    expect(requests).toBe(0);
  });

  test("a name that was public when it was saved and is private when it is used is refused at the connection", async () => {
    let connections = 0;
    const { port, server } = await serve((_request, response) => response.end("secret"));
    server.on("connection", () => connections++);
    const answers = ["93.184.216.34", "127.0.0.1"];
    const outbound = outboundOf({
      allow: [],
      lookup: async () => [{ address: answers.shift() ?? "127.0.0.1", family: 4 }],
    });
    const url = `http://rebinding.example:${port}/v1`;
    await expect(outbound.checkUrl(url)).resolves.toBeUndefined();
    await expect(outbound.request(ask(url))).rejects.toMatchObject({
      kind: "refused_address",
      message: expect.stringContaining("127.0.0.1 is a loopback address"),
    });
    expect(connections).toBe(0);
  });

  test("a name with one public and one private address is refused whole", async () => {
    const outbound = outboundOf({
      allow: [],
      lookup: async () => [
        { address: "93.184.216.34", family: 4 },
        { address: "10.0.0.1", family: 4 },
      ],
    });
    await expect(outbound.request(ask("http://both.example/"))).rejects.toMatchObject({ kind: "refused_address" });
    await expect(outbound.checkUrl("http://both.example/")).rejects.toMatchObject({ code: "unprocessable" });
  });

  test("the setting for operators is named where it helps, and only there", async () => {
    const { checkUrl } = outboundOf({ allow: [] });
    await expect(checkUrl("http://10.0.0.1/v1")).rejects.toThrow(/private address.*TREADLE_OUTBOUND_ALLOW/);
    for (const url of ["ftp://example.com/", "http://user:pw@10.0.0.1/"]) {
      await expect(checkUrl(url)).rejects.not.toThrow("TREADLE_OUTBOUND_ALLOW");
    }
  });

  test("an allowed name is reached at the address its resolver gives", async () => {
    const { port } = await serve((request, response) => response.end(request.headers.host));
    const outbound = outboundOf({
      allow: ["vllm.internal"],
      lookup: async () => [{ address: "127.0.0.1", family: 4 }],
    });
    const answer = await outbound.request(ask(`http://vllm.internal:${port}/`));
    expect(answer.body.toString()).toBe(`vllm.internal:${port}`);
  });

  test("a name that does not resolve is a connection error that names the host and not the path", async () => {
    const lookup = async () => {
      throw Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
    };
    const outbound = outboundOf({ allow: [], lookup });
    await expect(outbound.request(ask("http://nowhere.example/v1?key=secret"))).rejects.toMatchObject({
      kind: "connect",
      message: "nowhere.example has a name that does not resolve",
    });
  });
});

describe("an answer", () => {
  const allow = ["127.0.0.1"];

  test("a redirect comes back as it is and is not followed", async () => {
    let hits = 0;
    const { port } = await serve((_request, response) => {
      hits++;
      response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
    });
    const answer = await outboundOf({ allow }).request(
      ask(`http://127.0.0.1:${port}/`, { headers: { authorization: "Bearer k" } }),
    );
    expect(answer).toMatchObject({ status: 302, headers: { location: "http://169.254.169.254/latest" } });
    expect(hits).toBe(1);
  });

  test("is asked for without compression, with the body as given", async () => {
    const { port } = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () =>
        response.end(JSON.stringify([request.headers["accept-encoding"], Buffer.concat(chunks).toString()])),
      );
    });
    const answer = await outboundOf({ allow }).request(ask(`http://127.0.0.1:${port}/`, { body: "héllo" }));
    expect(JSON.parse(answer.body.toString())).toEqual(["identity", "héllo"]);
  });

  test("is cut off with an error at its cap", async () => {
    const { port } = await serve((_request, response) => response.end(Buffer.alloc(2_000_000)));
    await expect(outboundOf({ allow }).request(ask(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({
      kind: "too_large",
    });
  });

  test("a slow reader holds the sender back, and loses nothing", async () => {
    const size = 30_000_000;
    let sent = 0;
    const { port } = await serve(async (_request, response) => {
      for (; sent < size; sent += 100_000)
        if (!response.write(Buffer.alloc(100_000))) await new Promise((go) => response.once("drain", go));
      response.end();
    });
    const outbound = outboundOf({ allow });
    let received = 0;
    let paused = 0;
    await new Promise<void>((resolve, reject) => {
      let sentWhilePaused = -1;
      const exchange = outbound.dispatch(ask(`http://127.0.0.1:${port}/`), {
        onHead: () => {},
        onData(chunk) {
          received += chunk.length;
          if (paused > 0) return true;
          paused = 1;
          setTimeout(() => {
            sentWhilePaused = sent;
            expect(sentWhilePaused).toBeLessThan(size);
            expect(received).toBeLessThan(1_000_000);
            exchange.resume();
          }, 200);
          return false;
        },
        onEnd: resolve,
        onError: reject,
      });
    });
    expect(received).toBe(size);
  });
});

describe("waits are bounded", () => {
  const allow = ["127.0.0.1"];
  const quick = { connectMs: 300, firstByteMs: 300, idleMs: 300, totalMs: 600 };

  test("for the first byte", async () => {
    const { port } = await serve(() => {});
    await expect(
      outboundOf({ allow }).request(ask(`http://127.0.0.1:${port}/`, { timeouts: quick })),
    ).rejects.toMatchObject({ kind: "first_byte_timeout" });
  });

  test("for the next piece of the body", async () => {
    const { port } = await serve((_request, response) => void response.write("half"));
    await expect(
      outboundOf({ allow }).request(ask(`http://127.0.0.1:${port}/`, { timeouts: quick })),
    ).rejects.toMatchObject({ kind: "idle_timeout" });
  });

  test("for the whole, however busy the stream", async () => {
    const { port } = await serve((request, response) => {
      const timer = setInterval(() => response.write("x"), 50);
      request.on("close", () => clearInterval(timer));
    });
    await expect(
      outboundOf({ allow }).request(ask(`http://127.0.0.1:${port}/`, { timeouts: quick })),
    ).rejects.toMatchObject({ kind: "total_timeout" });
  });

  test("for the connection", async () => {
    const outbound = outboundOf({ allow: ["slow.example"], lookup: () => new Promise(() => {}) });
    await expect(outbound.request(ask("http://slow.example/", { timeouts: quick }))).rejects.toMatchObject({
      kind: "connect_timeout",
    });
  });
});

describe("broken exchanges", () => {
  const allow = ["127.0.0.1"];
  const silent: OutboundHandler = { onHead: () => {}, onData: () => true, onEnd: () => {}, onError: () => {} };

  test("a refused connection is reported", async () => {
    const { port, server } = await serve(() => {});
    await new Promise((resolve) => server.close(resolve));
    await expect(outboundOf({ allow }).request(ask(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({
      kind: "connect",
      message: `127.0.0.1:${port} refuses connections`,
    });
  });

  test("a reset before and during the answer is reported", async () => {
    const { port } = await serve((request, response) => {
      if (request.url === "/early") return void request.socket.destroy();
      response.writeHead(200, { "content-length": "100" }).write("half");
      setTimeout(() => request.socket.destroy(), 50);
    });
    const outbound = outboundOf({ allow });
    await expect(outbound.request(ask(`http://127.0.0.1:${port}/early`))).rejects.toMatchObject({ kind: "reset" });
    await expect(outbound.request(ask(`http://127.0.0.1:${port}/late`))).rejects.toMatchObject({ kind: "reset" });
  });

  test("an abort, by the handle or by the signal, closes the upstream's connection and is called once", async () => {
    let closed = 0;
    const leaving = new AbortController();
    const { port } = await serve((request, response) => {
      request.socket.on("close", () => closed++);
      response.write("x");
      if (request.url === "/until-abort") leaving.abort();
    });
    const outbound = outboundOf({ allow });
    const errors: string[] = [];
    await new Promise<void>((resolve) => {
      const exchange = outbound.dispatch(ask(`http://127.0.0.1:${port}/`), {
        ...silent,
        onData() {
          queueMicrotask(() => {
            exchange.abort();
            exchange.abort();
          });
          return true;
        },
        onError(error) {
          errors.push(error.kind);
          resolve();
        },
      });
    });
    await expect(
      outbound.request(ask(`http://127.0.0.1:${port}/until-abort`, { signal: leaving.signal })),
    ).rejects.toMatchObject({ kind: "aborted" });
    await expect(
      outbound.request(ask(`http://127.0.0.1:${port}/`, { signal: AbortSignal.abort() })),
    ).rejects.toMatchObject({ kind: "aborted" });
    await expect.poll(() => closed).toBe(2);
    expect(errors).toEqual(["aborted"]);
  });
});
