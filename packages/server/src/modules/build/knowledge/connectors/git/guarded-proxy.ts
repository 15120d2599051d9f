import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { OutboundSockets } from "../../../../../platform/outbound/port.ts";

const CONNECT_MS = 15_000;

/**
 * A proxy on this machine that opens connections through the guarded door, for a program that makes its own connections. It requires a
 * password, so no other program can use it.
 */
export async function openGuardedProxy({ connect }: OutboundSockets) {
  const password = randomBytes(24).toString("hex");
  const expected = Buffer.from(`Basic ${Buffer.from(`treadle:${password}`).toString("base64")}`);
  const open = new Set<Duplex>();
  const refusals: string[] = [];
  const server = createServer((_, response) => void response.writeHead(405).end());
  server.on("connect", async (request, client: Duplex) => {
    track(open, client);
    const given = Buffer.from(request.headers["proxy-authorization"] ?? "");
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="git"\r\n\r\n');
    try {
      const { hostname, port } = new URL(`http://${request.url}`);
      const host = hostname.replace(/^\[|\]$/g, "");
      const remote = await connect({ host, port: Number(port || 80), timeoutMs: CONNECT_MS });
      track(open, remote);
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      remote.pipe(client).pipe(remote);
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error));
      client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://treadle:${password}@127.0.0.1:${port}`,
    /** Why connections were refused. */
    refusals: refusals as readonly string[],
    async close(): Promise<void> {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** An error of a socket ends its connection, and git reports that. */
function track(open: Set<Duplex>, socket: Duplex): void {
  open.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => open.delete(socket));
}
