import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { answerClientErrors } from "./client-errors.ts";
import { createHold, type Dispatch, type StoreState } from "./hold-requests.ts";

/** A bound port. Until `handOver` it answers `/healthz` and `/readyz` by itself and holds everything else. */
export type Listener = {
  readonly server: Server;
  readonly url: string;
  readonly port: number;
  setStores(stores: readonly StoreState[]): void;
  handOver(app: { routing: Dispatch }): void;
  /** For a start that failed: refuses what is held and frees the port. */
  close(): Promise<void>;
};

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  /** All headers must have arrived after this long, the whole request after `requestTimeout`. */
  headersTimeout: 15_000,
  requestTimeout: 120_000,
  /** Longer than the minute that load balancers keep a connection, so that they close it and not we. */
  keepAliveTimeout: 72_000,
  connectionsCheckingInterval: 2_000,
};
const MAX_HEADERS = 200;
const MAX_CONNECTIONS = 10_000;

const sentences: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `Port ${port} on ${host} is in use by another program. Stop that program, or set TREADLE_PORT to another port (0 takes a free one).`,
  EACCES: (_host, port) => `This user may not listen on port ${port}. Set TREADLE_PORT to a port above 1023.`,
  EADDRNOTAVAIL: (host) => `This machine has no address ${host}. Set TREADLE_HOST to one it has, or to 127.0.0.1.`,
  ENOTFOUND: (host) =>
    `The name ${host} is not known. Set TREADLE_HOST to an address of this machine, or to 127.0.0.1.`,
};

function explain(cause: unknown, host: string, port: number): Error {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const sentence =
    sentences[code]?.(host, port) ?? `The server could not listen on ${host}:${port} (TREADLE_HOST, TREADLE_PORT).`;
  return new Error(sentence, { cause });
}

function urlOf(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** At the cap, connections that only wait make room, so that callers who hold thousands open shut nobody out. */
function makeRoomAtTheCap(server: Server) {
  server.maxConnections = MAX_CONNECTIONS;
  server.on("drop", () => server.closeIdleConnections());
}

type Address = { readonly host: string; readonly port: number; readonly limits?: Partial<typeof LIMITS> };

/** Binds the port at once, before any store is open. Throws a sentence that names the setting to change. */
export async function startListening({ host, port, limits }: Address): Promise<Listener> {
  const hold = createHold();
  let dispatch: Dispatch = hold.dispatch;
  const server = createServer({ ...LIMITS, ...limits }, (request, response) => dispatch(request, response));
  server.maxHeadersCount = MAX_HEADERS;
  makeRoomAtTheCap(server);
  answerClientErrors(server);
  server.listen(port, host);
  await once(server, "listening").catch((cause) => {
    throw explain(cause, host, port);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    server,
    url: urlOf(host, bound),
    port: bound,
    setStores: hold.setStores,
    handOver(app) {
      dispatch = app.routing;
      hold.releaseAll(app.routing);
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      hold.releaseAll();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 1_000).unref();
      await closed;
    },
  };
}
