import { type FastifyInstance, type FastifyRequest, fastify } from "fastify";
import type { Mounted } from "../../kernel/call.ts";
import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import { newTraceId } from "../../kernel/ids.ts";
import type { Log } from "../../kernel/log.ts";
import type { Metrics } from "../metrics/port.ts";
import { createDoor } from "./allowed-hosts.ts";
import { createErrorAnswer } from "./answer-error.ts";
import { createBodyBudget } from "./body-budget.ts";
import { type Authenticate, NOBODY } from "./credentials.ts";
import { createTraffic } from "./exchange.ts";
import type { Listener } from "./listen.ts";
import { mountMachineRoutes } from "./machine-routes.ts";
import { mountRoutes } from "./mount-routes.ts";
import { OTLP_BYTES } from "./otlp-status.ts";
import { readBody } from "./read-body.ts";
import type { RequestCount } from "./request-count.ts";
import { createSendTogether } from "./send-together.ts";
import { answerUnknown } from "./unknown-path.ts";
import { serveWebApp } from "./web-app.ts";

type Options = {
  readonly listener: Listener;
  /** The endpoints of each module. */
  readonly mounted: readonly Mounted[];
  readonly authenticate: Authenticate;
  /** Names besides the loopback ones that this server answers to; each a name, or a name and a port. */
  readonly allowedHosts: readonly string[];
  readonly maxBodyBytes: number;
  /** How long a stop waits for running requests. */
  readonly drainSeconds: number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly requests: Pick<RequestCount, "add">;
  /** Where the built web app lies; null serves none. */
  readonly web: { readonly folder: string } | null;
  readonly openApi: object;
  readonly clock: Clock;
};

export type HttpServer = {
  readonly app: FastifyInstance;
  readonly inject: FastifyInstance["inject"];
  /** Stops listening, lets running requests end for at most `drainSeconds`, then breaks the rest off. */
  close(): Promise<void>;
};

const LINGER_MS = 250;
/** What somebody who has not said who they are may send: enough to sign in. */
const STRANGER_BYTES = 64 * 1_024;
/** What an end user's browser may send: a comment and a corrected answer. */
const VISITOR_BYTES = 512 * 1_024;
/** What may be uploaded to an address that is the permission itself. */
const UPLOAD_BYTES = 16 * 1_024 * 1_024;
const MAX_PARAM_LENGTH = 1_024;
/** An id a caller may give its request; not one that looks like a key, since ids are logged. */
const SANE_ID = /^(?!tr_|sk-)[\w.:-]{1,64}$/;

function requestIdOf(raw: { headers: Readonly<Record<string, string | string[] | undefined>> }): string {
  const given = raw.headers["x-request-id"];
  return typeof given === "string" && SANE_ID.test(given) ? given : `req_${newTraceId()}`;
}

/** The only place that knows HTTP: admit, parse, call, answer. Throws at once for an endpoint that names no permission. */
export async function createHttp(options: Options): Promise<HttpServer> {
  const { listener, authenticate, log, clock, metrics, maxBodyBytes, web } = options;
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
  app.decorateRequest("exchange");
  takeBodies(app, maxBodyBytes);
  app.setErrorHandler((error, request, reply) => answerError(error, { request, reply, wire: undefined }));
  mountRoutes(app, mounted, { authenticate, door, traffic, answerError, sendTogether: createSendTogether() });
  mountMachineRoutes(app, { authenticate, door, traffic, metrics, openApi: options.openApi });
  const sendPage = web && serveWebApp(app, web.folder, { door, traffic, answerError });
  answerUnknown(app, { mounted, door, traffic, answerError, sendPage });
  await app.ready();
  return {
    app,
    inject: app.inject.bind(app),
    close: () => close({ app, listener, traffic }, options.drainSeconds * 1_000),
  };
}

/** What endpoints take: JSON, and protobuf where OTLP comes in. The handler gets the bytes, or the error that says why there are none. */
function takeBodies(app: FastifyInstance, maxBodyBytes: number) {
  const limitOf = ({ is404, exchange, routeOptions }: FastifyRequest) => {
    if (routeOptions.config.takesBytes) return UPLOAD_BYTES;
    if (routeOptions.config.takesAnyOrigin) return VISITOR_BYTES;
    if (is404 || exchange.scope === NOBODY) return STRANGER_BYTES;
    return routeOptions.config.takesOtlp ? Math.max(maxBodyBytes, OTLP_BYTES) : maxBodyBytes;
  };
  const admit = createBodyBudget(OTLP_BYTES * 3);
  function take(request: FastifyRequest, _payload: unknown, done: (error: null, body: Buffer | AppError) => void) {
    const { takesOtlp, takesBytes } = request.routeOptions.config;
    const grow = takesOtlp || takesBytes ? admit(request.raw, request.exchange.response) : undefined;
    if (grow instanceof AppError) {
      discardTheRest(request);
      return done(null, grow);
    }
    return readBody(request.raw, { maxBytes: limitOf(request), grow }, (error, body) => {
      if (error) discardTheRest(request);
      done(null, error ?? body);
    });
  }
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", take);
  const takeWhere = (isTaken: (request: FastifyRequest) => boolean | undefined): typeof take =>
    function takeOrRefuse(request, payload, done) {
      if (isTaken(request)) return take(request, payload, done);
      discardTheRest(request);
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

/** Reads on for a moment without keeping anything: a caller that is cut off while it sends never sees the answer. */
function discardTheRest({ raw }: FastifyRequest) {
  raw.resume();
  const timer = setTimeout(() => {
    if (!raw.complete) raw.socket.destroy();
  }, 5_000);
  timer.unref();
  raw.once("close", () => clearTimeout(timer));
}

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
