import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../../kernel/errors.ts";
import type { Metrics } from "../metrics/port.ts";
import type { Door } from "./allowed-hosts.ts";
import type { Authenticate } from "./credentials.ts";
import type { Traffic } from "./exchange.ts";
import { greet } from "./greet.ts";
import { headersOf, JSON_TYPE } from "./headers.ts";

type Deps = {
  readonly authenticate: Authenticate;
  readonly door: Door;
  readonly traffic: Traffic;
  readonly metrics: Metrics;
  readonly openApi: object;
};

const LOOPBACK = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** A program on this machine that no proxy speaks for. */
function isLocal({ raw }: FastifyRequest): boolean {
  const { "x-forwarded-for": forwardedFor, forwarded } = raw.headers;
  return LOOPBACK.has(raw.socket.remoteAddress ?? "") && forwardedFor === undefined && forwarded === undefined;
}

/** What machines read that is not part of the contract: the metrics and the contract itself. */
export function mountMachineRoutes(app: FastifyInstance, { authenticate, door, traffic, metrics, openApi }: Deps) {
  const document = JSON.stringify(openApi, null, 2);
  const begin = (route: string) => greet({ door, traffic }, { method: "GET", route, isQuiet: true });
  const at = (route: string) => ({ onRequest: begin(route), exposeHeadRoute: true });
  app.get("/openapi.json", at("/openapi.json"), (request, reply) => {
    reply.headers(headersOf(request.id)).header("content-type", JSON_TYPE).send(document);
  });
  app.get("/metrics", at("/metrics"), async (request, reply) => {
    if (!isLocal(request)) {
      const scope = await authenticate(request.raw.headers, request.raw.socket.remoteAddress ?? "");
      if (scope === null) throw new AppError("unauthorized");
      if (!scope.permissions.has("system:read"))
        throw new AppError("forbidden", { message: 'This needs the permission "system:read".' });
    }
    const { contentType, body } = await metrics.text();
    return reply.headers(headersOf(request.id)).header("content-type", contentType).send(body);
  });
}
