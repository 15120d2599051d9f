import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type ClientAddresses, createClientAddresses } from "./client-address.ts";
import { answerClientErrors, refuseConnection } from "./client-errors.ts";
import { createConnectionLimit } from "./connection-limit.ts";
import { explainListen } from "./explain-listen.ts";
import { createHold, type Dispatch, type StoreState } from "./hold-requests.ts";

/** A bound port. Until `handOver`, it answers `/healthz` and `/readyz` itself and holds all other requests. */
export type Listener = {
  readonly server: Server;
  readonly url: string;
  readonly port: number;
  /** `stores` is called for each answer of `/readyz`. */
  setStores(stores: () => readonly StoreState[]): void;
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
export const CONNECTIONS_PER_ADDRESS = 2_000;

/** The address at which a local user reaches the server. */
export function urlOf(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

type Bounds = { readonly perAddress: number; readonly total: number; readonly clients: ClientAddresses };

function boundConnections(server: Server, bounds: Bounds) {
  const limit = createConnectionLimit(bounds);
  server.on("connection", (socket: Socket) => {
    if (!limit.admit(socket)) refuseConnection(socket);
  });
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    limit.setBusy(socket, true);
    response.once("close", () => limit.setBusy(socket, false));
  });
}

type Address = {
  readonly host: string;
  readonly port: number;
  readonly limits?: Partial<typeof LIMITS>;
  /** Distinguishes trusted proxies, which represent many callers, from other addresses. */
  readonly clients?: ClientAddresses;
  /** How many connections one address may hold open. */
  readonly perAddress?: number;
  readonly maxConnections?: number;
};

/** Binds the port immediately, before any store is open. Throws a sentence that names the setting to change. */
export async function startListening({ host, port, limits, ...bounds }: Address): Promise<Listener> {
  const hold = createHold();
  let dispatch: Dispatch = hold.dispatch;
  const server = createServer({ ...LIMITS, ...limits }, (request, response) => dispatch(request, response));
  server.maxHeadersCount = MAX_HEADERS;
  boundConnections(server, {
    perAddress: bounds.perAddress ?? CONNECTIONS_PER_ADDRESS,
    total: bounds.maxConnections ?? MAX_CONNECTIONS,
    clients: bounds.clients ?? createClientAddresses([]),
  });
  answerClientErrors(server);
  server.listen(port, host);
  await once(server, "listening").catch((cause) => {
    throw explainListen(cause, { host, port, setting: "TREADLE_PORT" });
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
