import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { explainListen } from "../http/explain-listen.ts";
import { urlOf } from "../http/listen.ts";

/** The other end of a connection. */
export type Peer = { readonly remoteAddress?: string | undefined; readonly remotePort?: number | undefined };

/** A bound port. Connections wait, unread, until `handOver`. */
export type GrpcListener = {
  readonly url: string;
  readonly port: number;
  /** Gives every connection, those that waited too, to whoever answers. */
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

type Address = { readonly host: string; readonly port: number; readonly strangerMs?: number };

/** Binds the port of gRPC at once, before any store is open. Throws a sentence that names the setting to change. */
export async function startGrpcListening({ host, port, strangerMs = STRANGER_MS }: Address): Promise<GrpcListener> {
  const sockets = new Set<Socket>();
  const strangers = new Map<string, Socket>();
  let waiting: Socket[] = [];
  let take = (socket: Socket): void => {
    waiting.push(socket);
  };

  const server = createServer({ noDelay: true }, (socket) => {
    const name = nameOf(socket);
    sockets.add(socket);
    strangers.set(name, socket);
    const timer = setTimeout(() => strangers.get(name)?.destroy(), strangerMs).unref();
    // A connection that breaks is the other side's affair; whoever answers over it hears of its end.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      sockets.delete(socket);
      strangers.delete(name);
    });
    take(socket);
  });
  server.maxConnections = MAX_CONNECTIONS;
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
    trust: (peer) => void strangers.delete(nameOf(peer)),
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
