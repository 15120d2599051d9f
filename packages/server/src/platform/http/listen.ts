import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { answerClientErrors } from "./client-errors.ts";
import { explainListen } from "./explain-listen.ts";
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

/** Where somebody on this machine reaches what listens there. */
export function urlOf(host: string, port: number): string {
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
