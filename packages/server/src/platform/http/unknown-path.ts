import type { FastifyInstance } from "fastify";
import type { Mounted } from "../../kernel/call.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Door } from "./allowed-hosts.ts";
import type { AnswerError } from "./answer-error.ts";
import type { Traffic } from "./exchange.ts";
import { greet } from "./greet.ts";
import { isPage, type SendPage } from "./web-app.ts";

type Deps = {
  readonly mounted: Mounted;
  readonly door: Door;
  readonly traffic: Traffic;
  readonly answerError: AnswerError;
  /** Null when there is no web app. */
  readonly sendPage: SendPage | null;
};

/** For a path, the methods that it takes. */
function createMethodTable(mounted: Mounted) {
  const table = mounted.map(({ endpoint }) => {
    const [method = "", path = ""] = endpoint.split(" ");
    const pattern = path
      .split(/:\w+/)
      .map((part) => part.replaceAll(".", "\\."))
      .join("[^/]+");
    return { method, pattern: new RegExp(`^${pattern}$`) };
  });
  return (path: string) => table.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
}

/** What no endpoint answers: a page of the web app, a method that the path does not take (405), or 404. */
export function answerUnknown(app: FastifyInstance, { mounted, door, traffic, answerError, sendPage }: Deps) {
  const methodsOf = createMethodTable(mounted);
  const follow = greet({ door, traffic }, { method: "", route: "unmatched", isQuiet: false });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const wire = path.startsWith("/v1/messages") ? "anthropic" : path.startsWith("/v1/") ? "openai" : undefined;
    const errors = path.startsWith("/api/2.0/mlflow") ? "mlflow" : undefined;
    follow(request, reply, (refusal) => {
      if (refusal) return answerError(refusal, { request, reply, wire, errors });
      if (sendPage && isPage(request)) return sendPage(reply);
      const methods = methodsOf(path);
      if (methods.length === 0) return answerError(unknown(), { request, reply, wire, errors });
      reply.header("allow", methods.join(", "));
      return answerError(wrongMethod(request.method, methods), { request, reply, wire, errors });
    });
  });
}

const unknown = () =>
  new AppError("not_found", { message: "There is nothing at this address. /openapi.json lists what there is." });

const wrongMethod = (method: string, methods: readonly string[]) =>
  new AppError("method_not_allowed", {
    message: `This address does not take ${method}; it takes ${methods.join(", ")}.`,
    details: { methods },
  });
