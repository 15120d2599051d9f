import type { FastifyInstance } from "fastify";
import type { Mounted } from "../../kernel/call.ts";
import { AppError } from "../../kernel/errors.ts";
import type { AnswerError } from "./answer/answer-error.ts";
import { headersOf } from "./answer/headers.ts";
import type { Door } from "./listen/allowed-hosts.ts";
import { MACHINE_ENDPOINTS } from "./machine-routes.ts";
import type { Traffic } from "./traffic/exchange.ts";
import { greet } from "./traffic/greet.ts";
import { isPage, type SendPage } from "./web-app.ts";

type Deps = {
  readonly mounted: Mounted;
  readonly door: Door;
  readonly traffic: Traffic;
  readonly answerError: AnswerError;
  /** Null without a web app. */
  readonly sendPage: SendPage | null;
};

/** For a path, the methods that it takes. */
function createMethodTable(endpoints: readonly string[]) {
  const table = endpoints.map((endpoint) => {
    const [method = "", path = ""] = endpoint.split(" ");
    const pattern = path
      .split(/:\w+/)
      .map((part) => part.replaceAll(".", "\\."))
      .join("[^/]+");
    return { method, pattern: new RegExp(`^${pattern}$`) };
  });
  return (path: string) => table.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
}

const MOST_LOOKED_AT = 500;

/** The address that the caller most likely meant, with other slashes or another base. Null if there is none. */
function createNearby(methodsOf: (path: string) => string[]) {
  return function nearby(path: string): string | null {
    if (path.length > MOST_LOOKED_AT) return null;
    const plain = path.replaceAll(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
    const others = [plain, plain.replace(/^(?:\/v1){2,}\//, "/v1/"), `/v1${plain}`, `/api/v1${plain}`, `/api${plain}`];
    return others.find((other) => other !== path && methodsOf(other).length > 0) ?? null;
  };
}

/** Models have names such as `openai/gpt-5`, which some clients put into the address as they are. */
function modelPath(method: string, path: string): string | null {
  const [, model] = /^\/v1\/models\/([^/]+\/.+)$/.exec(path) ?? [];
  return method === "GET" && model !== undefined ? `/v1/models/${model.replaceAll("/", "%2F")}` : null;
}

/** Handles addresses without an endpoint: a page of the web app, an unsupported method (405), or 404. */
export function answerUnknown(app: FastifyInstance, { mounted, door, traffic, answerError, sendPage }: Deps) {
  const methodsOf = createMethodTable([...mounted.map(({ endpoint }) => endpoint), ...MACHINE_ENDPOINTS]);
  const nearby = createNearby(methodsOf);
  const follow = greet({ door, traffic }, { method: "", route: "unmatched", isQuiet: false });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const wire = path.startsWith("/v1/messages") ? "anthropic" : path.startsWith("/v1/") ? "openai" : undefined;
    const errors = path.startsWith("/api/2.0/mlflow") ? "mlflow" : undefined;
    follow(request, reply, (refusal) => {
      if (refusal) return answerError(refusal, { request, reply, wire, errors });
      if (sendPage && isPage(request)) return sendPage(reply);
      const methods = methodsOf(path);
      const ofModel = modelPath(request.method, path);
      if (ofModel !== null && methods.length === 0) return reply.headers(headersOf(request.id)).redirect(ofModel, 307);
      if (methods.length === 0) return answerError(unknown(nearby(path)), { request, reply, wire, errors });
      reply.header("allow", methods.join(", "));
      return answerError(wrongMethod(request.method, methods), { request, reply, wire, errors });
    });
  });
}

function unknown(near: string | null): AppError {
  const base = near?.startsWith("/v1/")
    ? " The base URL for OpenAI clients ends in /v1; the base URL for Anthropic clients does not."
    : "";
  const advice = near === null ? "/openapi.json lists all addresses." : `Did you mean ${near}?${base}`;
  return new AppError("not_found", { message: `This address does not exist. ${advice}` });
}

const wrongMethod = (method: string, methods: readonly string[]) =>
  new AppError("method_not_allowed", {
    message: `This address does not accept ${method}. It accepts ${methods.join(", ")}.`,
    details: { methods },
  });
