import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type ClientAddresses, createClientAddresses } from "../http/listen/client-address.ts";
import { createConnectionLimit } from "../http/listen/connection-limit.ts";
import { explainListen } from "../http/listen/explain-listen.ts";
import { CONNECTIONS_PER_ADDRESS, urlOf } from "../http/listen/listen.ts";

/** The other end of a connection. */
export type Peer = { readonly remoteAddress?: string | undefined; readonly remotePort?: number | undefined };

/** A bound port. Connections wait, unread, until `handOver`. */
export type GrpcListener = {
  readonly url: string;
  readonly port: number;
  /** Passes every connection, including waiting ones, to the server. */
  handOver(take: (socket: Socket) => void): void;
  /** Lets a connection stay that a known caller used; any other ends after a while. */
  trust(peer: Peer): void;
  /** Takes no further connections and waits until those there are have ended; breaks them off after `ms`. */
  close(ms?: number): Promise<void>;
};

const MAX_CONNECTIONS = 10_000;
/** How long a connection may stay without a call that is let in. */
const STRANGER_MS = 15_000;

const nameOf = ({ remoteAddress, remotePort }: Peer) => `${remoteAddress} ${remotePort}`;

type Address = {
  readonly host: string;
  readonly port: number;
  readonly strangerMs?: number;
  /** Distinguishes trusted proxies, which represent many callers, from other addresses. */
  readonly clients?: ClientAddresses;
  /** How many connections one address may hold open. */
  readonly perAddress?: number;
};

/** Binds the gRPC port immediately, before any store is open. Throws a sentence that names the setting to change. */
export async function startGrpcListening({ host, port, ...bounds }: Address): Promise<GrpcListener> {
  const { strangerMs = STRANGER_MS, perAddress = CONNECTIONS_PER_ADDRESS } = bounds;
  const clients = bounds.clients ?? createClientAddresses([]);
  const limit = createConnectionLimit({ perAddress, total: MAX_CONNECTIONS, clients });
  const sockets = new Set<Socket>();
  const strangers = new Map<string, Socket>();
  let waiting: Socket[] = [];
  let take = (socket: Socket): void => {
    waiting.push(socket);
  };

  const server = createServer({ noDelay: true }, (socket) => {
    if (!limit.admit(socket)) return void socket.destroy();
    const name = nameOf(socket);
    sockets.add(socket);
    strangers.set(name, socket);
    const timer = setTimeout(() => strangers.get(name)?.destroy(), strangerMs).unref();
    // A broken connection is the client's concern. The server is notified of its end.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      sockets.delete(socket);
      strangers.delete(name);
    });
    take(socket);
  });
  server.listen(port, host);
  await once(server, "listening").catch((cause) => {
    throw explainListen(cause, { host, port, setting: "TREADLE_OTLP_GRPC_PORT" });
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: urlOf(host, bound),
    port: bound,
    handOver(next) {
      take = next;
      for (const socket of waiting) if (!socket.destroyed) next(socket);
      waiting = [];
    },
    trust(peer) {
      const socket = strangers.get(nameOf(peer));
      if (socket) limit.setBusy(socket, true);
      strangers.delete(nameOf(peer));
    },
    async close(ms = 0) {
      const closed = once(server, "close");
      server.close();
      for (const socket of strangers.values()) socket.destroy();
      const timer = setTimeout(() => sockets.forEach((socket) => void socket.destroy()), ms);
      await closed;
      clearTimeout(timer);
    },
  };
}
