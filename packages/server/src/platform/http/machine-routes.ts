import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../../kernel/errors.ts";
import type { Metrics } from "../metrics/port.ts";
import { createEncodedDocument } from "./answer/encoded-document.ts";
import { headersOf, JSON_TYPE } from "./answer/headers.ts";
import type { Door } from "./listen/allowed-hosts.ts";
import type { ClientAddresses } from "./listen/client-address.ts";
import type { Authenticate } from "./traffic/credentials.ts";
import type { Traffic } from "./traffic/exchange.ts";
import { greet } from "./traffic/greet.ts";

type Deps = {
  readonly authenticate: Authenticate;
  readonly clients: ClientAddresses;
  /** Whether other machines reach this server through a proxy, which may run on this one. */
  readonly isBehindProxy: boolean;
  readonly door: Door;
  readonly traffic: Traffic;
  readonly metrics: Metrics;
  /** Reads the description of the API, which does not change while the server runs. */
  readonly openApi: () => Promise<Buffer>;
};

const LOOPBACK = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);
const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;
/** Headers that proxies add; each adds some of them. */
const OF_PROXIES = /^(?:forwarded|via|x-real-ip|x-client-ip|cf-connecting-ip|true-client-ip|x-forwarded-.*)$/;

/** A program on this machine that no proxy speaks for. */
function isLocal({ raw }: FastifyRequest): boolean {
  const { headers, socket } = raw;
  const isNear = LOOPBACK.has(socket.remoteAddress ?? "") && LOOPBACK_HOST.test(headers.host ?? "");
  return isNear && !Object.keys(headers).some((name) => OF_PROXIES.test(name));
}

/** The endpoints below, as the contract writes its own. */
export const MACHINE_ENDPOINTS = ["GET /openapi.json", "GET /metrics"] as const;

/** Endpoints for machines outside the contract: the metrics and the contract itself. */
export function mountMachineRoutes(app: FastifyInstance, deps: Deps) {
  const { authenticate, clients, isBehindProxy, door, traffic, metrics, openApi } = deps;
  const answerDocument = createEncodedDocument(openApi);
  const begin = (route: string) => greet({ door, traffic }, { method: "GET", route, isQuiet: true });
  const at = (route: string) => ({ onRequest: begin(route), exposeHeadRoute: true });
  app.get("/openapi.json", at("/openapi.json"), async (request, reply) => {
    const { status, headers, body } = await answerDocument(request.raw.headers);
    return reply
      .code(status)
      .headers({ ...headersOf(request.id), ...headers, "content-type": JSON_TYPE })
      .send(body);
  });
  app.get("/metrics", at("/metrics"), async (request, reply) => {
    // A proxy on this machine need not say that it is one.
    if (isBehindProxy || !isLocal(request)) {
      const { headers, socket } = request.raw;
      const scope = await authenticate(headers, clients.clientOf(socket.remoteAddress ?? "", headers));
      if (scope === null) throw new AppError("unauthorized");
      if (!scope.permissions.has("system:read"))
        throw new AppError("forbidden", { message: 'This request needs the permission "system:read".' });
    }
    const { contentType, body } = await metrics.text();
    return reply.headers(headersOf(request.id)).header("content-type", contentType).send(body);
  });
}
