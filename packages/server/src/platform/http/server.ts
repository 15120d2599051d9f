import { type FastifyInstance, type FastifyRequest, fastify } from "fastify";
import type { Mounted } from "../../kernel/call.ts";
import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import { newTraceId } from "../../kernel/ids.ts";
import type { Log } from "../../kernel/log.ts";
import type { IdempotencyKeys } from "../idempotency/port.ts";
import type { Metrics } from "../metrics/port.ts";
import { createErrorAnswer } from "./answer/answer-error.ts";
import { OTLP_BYTES } from "./answer/otlp-status.ts";
import { discardTheRest } from "./answer/refuse-body.ts";
import { createSendTogether } from "./answer/send-together.ts";
import { createBodyBudget } from "./input/body-budget.ts";
import { readBody } from "./input/read-body.ts";
import { createDoor } from "./listen/allowed-hosts.ts";
import type { ClientAddresses } from "./listen/client-address.ts";
import type { Listener } from "./listen/listen.ts";
import { mountMachineRoutes } from "./machine-routes.ts";
import { mountRoutes } from "./mount-routes.ts";
import { type Authenticate, NOBODY } from "./traffic/credentials.ts";
import { createTraffic } from "./traffic/exchange.ts";
import type { RequestCount } from "./traffic/request-count.ts";
import { answerUnknown } from "./unknown-path.ts";
import { serveWebApp } from "./web-app.ts";

type Options = {
  readonly listener: Listener;
  /** The endpoints of each module. */
  readonly mounted: readonly Mounted[];
  readonly authenticate: Authenticate;
  readonly clients: ClientAddresses;
  /** Whether other machines reach this server through a proxy, which may run on this one. */
  readonly isBehindProxy: boolean;
  /** Names in addition to the loopback names that this server answers to; each a name, or a name and a port. */
  readonly allowedHosts: readonly string[];
  readonly maxBodyBytes: number;
  /** How long a stop waits for running requests. */
  readonly drainSeconds: number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly requests: Pick<RequestCount, "add">;
  /** Where the built web app lies; null serves none. */
  readonly web: { readonly folder: string } | null;
  /** Reads the description of the API, which does not change while the server runs. */
  readonly openApi: () => Promise<Buffer>;
  /** Stores responses for requests with an `Idempotency-Key`. */
  readonly idempotency: IdempotencyKeys;
  readonly clock: Clock;
};

export type HttpServer = {
  readonly app: FastifyInstance;
  readonly inject: FastifyInstance["inject"];
  /** Stops listening, lets running requests end for at most `drainSeconds`, then breaks the rest off. */
  close(): Promise<void>;
};

const LINGER_MS = 250;
/** The maximum body of an unauthenticated caller: sufficient to sign in. */
const STRANGER_BYTES = 64 * 1_024;
/** The maximum from an end user's browser: a comment and a corrected answer. */
const VISITOR_BYTES = 512 * 1_024;
/** The maximum upload to an address that is itself the permission. */
const UPLOAD_BYTES = 16 * 1_024 * 1_024;
const MAX_PARAM_LENGTH = 1_024;
/** A request id that a caller may set. It must not look like a key, since ids are logged. */
const SANE_ID = /^(?!tr_|sk-)[\w.:-]{1,64}$/;

function requestIdOf(raw: { headers: Readonly<Record<string, string | string[] | undefined>> }): string {
  const given = raw.headers["x-request-id"];
  return typeof given === "string" && SANE_ID.test(given) ? given : `req_${newTraceId()}`;
}

/**
 * The only place that knows HTTP: admit, parse, call, respond. Throws immediately for an endpoint without a permission.
 */
export async function createHttp(options: Options): Promise<HttpServer> {
  const { listener, authenticate, clients, log, clock, metrics, maxBodyBytes, web } = options;
  const mounted = options.mounted.flat();
  const door = createDoor(options.allowedHosts);
  const traffic = createTraffic({ clock, log, metrics, requests: options.requests });
  const answerError = createErrorAnswer(log);
  const app = fastify({
    serverFactory: () => listener.server,
    genReqId: requestIdOf,
    requestIdHeader: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, request, reply) => answerError(error, { request, reply, wire: undefined }),
  });
  // Fastify rejects this method without a content type with its own error, before it looks for a route.
  app.addHttpMethod("QUERY", { hasBody: false, overrideExisting: true });
  app.decorateRequest("exchange");
  takeBodies(app, maxBodyBytes);
  app.setErrorHandler((error, request, reply) => answerError(error, { request, reply, wire: undefined }));
  const { idempotency, isBehindProxy, openApi } = options;
  const sendTogether = createSendTogether();
  mountRoutes(app, mounted, { authenticate, clients, door, traffic, answerError, sendTogether, idempotency });
  mountMachineRoutes(app, { authenticate, clients, isBehindProxy, door, traffic, metrics, openApi });
  const sendPage = web && serveWebApp(app, web.folder, { door, traffic, answerError });
  answerUnknown(app, { mounted, door, traffic, answerError, sendPage });
  await app.ready();
  return {
    app,
    inject: app.inject.bind(app),
    close: () => close({ app, listener, traffic }, options.drainSeconds * 1_000),
  };
}

/**
 * The accepted content types: JSON, and protobuf for OTLP. The handler gets the bytes, or an error if there are none.
 */
function takeBodies(app: FastifyInstance, maxBodyBytes: number) {
  const limitOf = ({ is404, exchange, routeOptions }: FastifyRequest) => {
    if (routeOptions.config.takesBytes) return routeOptions.config.maxBytes ?? UPLOAD_BYTES;
    if (routeOptions.config.takesAnyOrigin) return VISITOR_BYTES;
    if (is404 || exchange.scope === NOBODY) return STRANGER_BYTES;
    return routeOptions.config.takesOtlp ? Math.max(maxBodyBytes, OTLP_BYTES) : maxBodyBytes;
  };
  const admit = createBodyBudget(OTLP_BYTES * 3);
  function take(request: FastifyRequest, _payload: unknown, done: (error: null, body: Buffer | AppError) => void) {
    const { takesOtlp, takesBytes } = request.routeOptions.config;
    const grow = takesOtlp || takesBytes ? admit(request.raw, request.exchange.response) : undefined;
    if (grow instanceof AppError) {
      discardTheRest(request.raw);
      return done(null, grow);
    }
    return readBody(request.raw, { maxBytes: limitOf(request), grow }, (error, body) => {
      if (error) discardTheRest(request.raw);
      done(null, error ?? body);
    });
  }
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", take);
  const takeWhere = (isTaken: (request: FastifyRequest) => boolean | undefined): typeof take =>
    function takeOrRefuse(request, payload, done) {
      if (isTaken(request)) return take(request, payload, done);
      discardTheRest(request.raw);
      return done(null, unsupportedType(request));
    };
  app.addContentTypeParser(
    ["application/x-protobuf", "application/protobuf"],
    takeWhere(({ routeOptions: { config } }) => config.takesOtlp || config.takesBytes),
  );
  app.addContentTypeParser(
    "*",
    takeWhere(({ routeOptions: { config } }) => config.takesBytes),
  );
}

const unsupportedType = ({ routeOptions: { config } }: FastifyRequest) =>
  new AppError("unsupported_media_type", {
    message: config.takesOtlp
      ? "Send OTLP as `application/x-protobuf` or `application/json`."
      : "Send JSON, with the header `content-type: application/json`.",
  });

type Running = {
  readonly app: FastifyInstance;
  readonly listener: Listener;
  readonly traffic: ReturnType<typeof createTraffic>;
};

async function close({ app, listener: { server }, traffic }: Running, drainMs: number) {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await traffic.drain(drainMs);
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), LINGER_MS);
  await closed;
  clearTimeout(timer);
  await app.close();
}
