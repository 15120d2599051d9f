import { acceptsIdempotencyKey, PERMISSIONS, type Route } from "@treadle/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { Call, Mounted } from "../../kernel/call.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Sink } from "../../kernel/sink.ts";
import type { IdempotencyKeys } from "../idempotency/port.ts";
import type { AnswerError } from "./answer/answer-error.ts";
import { answerEvents } from "./answer/answer-events.ts";
import { headersOf, JSON_TYPE } from "./answer/headers.ts";
import { idempotencyKeyOf, runOnce } from "./answer/idempotent-response.ts";
import { createRawSink } from "./answer/raw-sink.ts";
import type { SendTogether } from "./answer/send-together.ts";
import { compileShape } from "./input/compile-shape.ts";
import { type Input, inputReader } from "./input/read-input.ts";
import { isLenient, unknownInputError, unknownInputFinder, WARNINGS } from "./input/unknown-input.ts";
import type { Door } from "./listen/allowed-hosts.ts";
import type { ClientAddresses } from "./listen/client-address.ts";
import { ANY_ORIGIN, answerPreflight } from "./traffic/any-origin.ts";
import { type Authenticate, judgementOf, NOBODY } from "./traffic/credentials.ts";
import type { Label, Traffic } from "./traffic/exchange.ts";

type Deps = {
  readonly authenticate: Authenticate;
  readonly clients: ClientAddresses;
  readonly door: Door;
  readonly traffic: Traffic;
  readonly answerError: AnswerError;
  readonly sendTogether: SendTogether;
  readonly idempotency: IdempotencyKeys;
};
type Fail = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;
type Entry = Mounted[number];
type Pair = { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly clients: ClientAddresses };
type Respond = (input: Input, pair: Pair) => Promise<void>;

const ACCESS: ReadonlySet<string> = new Set([...PERMISSIONS, "public", "signed-in"]);
const NO_SINK = undefined as never;

/** Adds every endpoint. Throws for an endpoint without a permission, so that none is open by mistake. */
export function mountRoutes(app: FastifyInstance, mounted: Mounted, deps: Deps) {
  for (const entry of mounted) {
    if (!ACCESS.has(entry.route.permission)) {
      throw new Error(
        `${entry.endpoint} does not name a known permission, "public" or "signed-in", so it is not served.`,
      );
    }
    mountRoute(app, entry, deps);
  }
}

function mountRoute(app: FastifyInstance, entry: Entry, deps: Deps) {
  const [method = "", url = ""] = entry.endpoint.split(" ");
  const { route } = entry;
  const label: Label = { method, route: url, isQuiet: route.wire !== undefined || route.permission === "public" };
  const fail: Fail = (error, request, reply) =>
    deps.answerError(error, { request, reply, wire: route.wire, errors: route.errors });
  const readInput = inputReader(route);
  const findUnknown = unknownInputFinder(route);
  const warns = isLenient(entry.endpoint, route);
  const respond = responderOf(entry, { ...deps, fail });
  if (route.origins === "any") answerPreflight(app, { method, url }, deps);
  app.route({
    method: method as HTTPMethods,
    url,
    exposeHeadRoute: method === "GET" && route.wire === undefined && (route.answer ?? "json") === "json",
    config: {
      takesOtlp: route.wire === "otlp",
      takesBytes: route.takes === "bytes",
      maxBytes: route.maxBytes,
      takesAnyOrigin: route.origins === "any",
    },
    errorHandler: fail,
    onRequest: admission(label, route, deps),
    handler(request, reply) {
      if (request.body instanceof AppError) return fail(request.body, request, reply);
      try {
        const unknown = findUnknown(request);
        if (unknown !== null && !warns) throw unknownInputError(unknown);
        if (unknown !== null) reply.header(WARNINGS, unknown.message);
        respond(readInput(request), { request, reply, clients: deps.clients }).catch((error) =>
          fail(error, request, reply),
        );
      } catch (error) {
        fail(error, request, reply);
      }
    },
  });
}

/** Host, origin, who calls, what they may do: all before the body is read. Waits only for a caller who is not remembered. */
function admission(label: Label, route: Route, { authenticate, clients, door, traffic }: Deps) {
  const { permission } = route;
  const isOpen = route.origins === "any";
  return function admit(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) {
    const { raw } = request;
    request.exchange = traffic.begin({ requestId: request.id, request: raw, response: reply.raw }, label);
    if (isOpen) reply.headers(ANY_ORIGIN);
    const refusal = isOpen ? door.misdirectionOf(raw) : door.refusalOf(raw);
    if (refusal) return done(refusal);
    if (permission === "public") {
      request.exchange.scope = NOBODY;
      return done();
    }
    const judge = (scope: Scope | null) => {
      request.exchange.scope = scope;
      done(judgementOf(scope, permission) ?? (scope?.userId ? door.forgeryOf(raw) : null) ?? undefined);
    };
    try {
      const caller = authenticate(
        raw.headers,
        clients.clientOf(raw.socket.remoteAddress ?? "", raw.headers),
        raw.socket,
      );
      if (caller instanceof Promise) caller.then(judge, done);
      else judge(caller);
    } catch (error) {
      done(error instanceof Error ? error : new AppError("internal", { cause: error }));
    }
  };
}

/** All that a handler gets, put together once. */
function callOf({ request, reply, clients }: Pair, input: Input, sink: Sink): Call & Input & { readonly sink: Sink } {
  const { scope, controller } = request.exchange;
  const { headers, socket } = request.raw;
  return {
    ...input,
    sink,
    scope: scope ?? NOBODY,
    signal: controller.signal,
    requestId: request.id,
    headers,
    remoteAddress: clients.clientOf(socket.remoteAddress ?? "", headers),
    setHeader: (name, value) => reply.header(name, value),
    setStatus: (status) => reply.code(status),
  };
}

function responderOf({ endpoint, route, handle }: Entry, deps: Deps & { readonly fail: Fail }): Respond {
  if (route.wire !== undefined || route.answer === "file") return wireResponder({ endpoint, route, handle }, deps);
  if (route.answer === "events") return eventsResponder({ route, handle }, deps);
  const write = jsonWriter(endpoint, route);
  const acceptsKey = acceptsIdempotencyKey(endpoint, route);
  return async function respondJson(input, pair) {
    const { request, reply } = pair;
    const fail = (error: unknown) => deps.fail(error, request, reply);
    reply.code(route.status ?? 200).headers(headersOf(request.id));
    const key = acceptsKey ? idempotencyKeyOf(request) : undefined;
    if (key !== undefined) {
      const run = async () => write(await handle(callOf(pair, input, NO_SINK)));
      const body = await runOnce(deps.idempotency, { key, endpoint, request, reply, bytes: input.bytes, run });
      return deps.sendTogether(() => reply.header("content-type", JSON_TYPE).send(body), fail);
    }
    const answer = await handle(callOf(pair, input, NO_SINK));
    // Unchanged content is not sent again.
    if (reply.statusCode === 304) return deps.sendTogether(() => reply.send(), fail);
    const text = write(answer);
    deps.sendTogether(() => reply.header("content-type", JSON_TYPE).send(text), fail);
  };
}

/** Checks a response and serializes it. A frozen response never changes, so this is done once while it is in use. */
function jsonWriter(endpoint: string, { response }: Pick<Entry["route"], "response">) {
  const parse = compileShape(response);
  const written = new WeakMap<object, string>();
  return (given: unknown): string => {
    const isKept = typeof given === "object" && given !== null && Object.isFrozen(given);
    const known = isKept ? written.get(given) : undefined;
    if (known !== undefined) return known;
    const answer = parse(given);
    if (!answer.success)
      throw new Error(`the response of ${endpoint} does not match the contract`, { cause: answer.error });
    const text = JSON.stringify(answer.data);
    if (isKept) written.set(given, text);
    return text;
  };
}

function wireResponder(
  { endpoint, route, handle }: Entry,
  { sendTogether, fail }: Pick<Deps, "sendTogether"> & { readonly fail: Fail },
): Respond {
  return async function respondWire(input, pair) {
    const { request, reply } = pair;
    const sink = createRawSink(reply.raw, {
      headers: { ...headersOf(request.id, route.wire), ...warningOf(reply) },
      onHead: () => reply.hijack(),
      sendLater: (send) => sendTogether(send, (error) => fail(error, request, reply)),
    });
    await handle(callOf(pair, input, sink));
    if (!reply.sent) throw new Error(`${endpoint} ended without a response`);
  };
}

function warningOf(reply: FastifyReply): Readonly<Record<string, string>> {
  const warning = reply.getHeader(WARNINGS);
  return typeof warning === "string" ? { [WARNINGS]: warning } : {};
}

function eventsResponder(
  { route, handle }: Pick<Entry, "route" | "handle">,
  { authenticate, sendTogether, fail }: Deps & { readonly fail: Fail },
): Respond {
  return async function respondEvents(input, pair) {
    const { request, reply } = pair;
    const { exchange, raw } = request;
    const call = callOf(pair, input, NO_SINK);
    exchange.isEndless = true;
    const events = (await handle(call)) as AsyncIterable<unknown>;
    const isStillAllowed = async () =>
      judgementOf(await authenticate(raw.headers, call.remoteAddress), route.permission) === null;
    const sink = createRawSink(reply.raw, {
      headers: headersOf(request.id),
      onHead: () => reply.hijack(),
      sendLater: (send) => sendTogether(send, (error) => fail(error, request, reply)),
    });
    const { response: shape, eventId } = route;
    await answerEvents(events, { sink, controller: exchange.controller, shape, eventId, isStillAllowed });
  };
}
