import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { messageOf } from "../../../../../kernel/message-of.ts";
import type { OutboundSockets } from "../../../../../platform/outbound/port.ts";

const CONNECT_MS = 15_000;

const DENIED =
  'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="git"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
const FAILED = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/**
 * A proxy on this machine that opens connections through the guarded door, for a program that makes its own connections. It requires a
 * password, so no other program can use it.
 */
export async function openGuardedProxy({ connect }: Pick<OutboundSockets, "connect">) {
  const password = randomBytes(24).toString("hex");
  const expected = Buffer.from(`Basic ${Buffer.from(`treadle:${password}`).toString("base64")}`);
  const open = new Set<Duplex>();
  const refusals: string[] = [];
  const server = createServer((_, response) => void response.writeHead(405).end());
  server.on("connect", (request, client: Duplex) => {
    track(open, client);
    const given = Buffer.from(request.headers["proxy-authorization"] ?? "");
    const isKnown = given.length === expected.length && timingSafeEqual(given, expected);
    if (isKnown) void join({ connect, open, refusals }, request.url ?? "", client);
    else client.end(DENIED);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://treadle:${password}@127.0.0.1:${port}`,
    /** Why connections were refused. */
    refusals: refusals as readonly string[],
    close: () => closeAll(server, open),
  };
}

function closeAll(server: Server, open: ReadonlySet<Duplex>): Promise<void> {
  for (const socket of open) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

type Joining = Pick<OutboundSockets, "connect"> & { readonly open: Set<Duplex>; readonly refusals: string[] };

/** Connects the client with `place`, which is `host:port`. */
async function join({ connect, open, refusals }: Joining, place: string, client: Duplex): Promise<void> {
  try {
    const { hostname, port } = new URL(`http://${place}`);
    const host = hostname.replace(/^\[|\]$/g, "");
    const remote = await connect({ host, port: Number(port || 80), timeoutMs: CONNECT_MS });
    track(open, remote);
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    remote.pipe(client).pipe(remote);
  } catch (error) {
    refusals.push(messageOf(error));
    client.end(FAILED);
  }
}

/** An error of a socket ends its connection, and git reports that. */
function track(open: Set<Duplex>, socket: Duplex): void {
  open.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => open.delete(socket));
}
