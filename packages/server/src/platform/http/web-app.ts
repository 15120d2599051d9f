import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AnswerError } from "./answer/answer-error.ts";
import { WEB_HEADERS } from "./answer/headers.ts";
import type { Door } from "./listen/allowed-hosts.ts";
import type { Label, Traffic } from "./traffic/exchange.ts";
import { greet } from "./traffic/greet.ts";

type Deps = { readonly door: Door; readonly traffic: Traffic; readonly answerError: AnswerError };

const LABEL: Label = { method: "GET", route: "web", isQuiet: true };
const FOREVER = "public, max-age=31536000, immutable";
/** These belong to the API, so a page is never the answer there. */
const NO_PAGES = /^\/(api|v1|assets|metrics|openapi\.json|healthz|readyz)(\/|$)/;

/**
 * Serves the built web app from `folder`, and returns the function that responds with its page for addresses of the
 * app's router. Only files that existed at the start are served, each under its own name, so no path is ever built from
 * a request. Files in `assets` have their hash in their name and are cached forever.
 */
export function serveWebApp(app: FastifyInstance, folder: string, { door, traffic, answerError }: Deps) {
  const page = readFileSync(join(folder, "index.html"));
  app.register(async (scope) => {
    scope.addHook("onRequest", greet({ door, traffic }, LABEL));
    scope.setErrorHandler((error, request, reply) => answerError(error, { request, reply, wire: undefined }));
    await scope.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      preCompressed: true,
      cacheControl: false,
      dotfiles: "ignore",
      setHeaders(reply, path) {
        const isHashed = path.includes(`${sep}assets${sep}`);
        reply.headers({ ...WEB_HEADERS, "cache-control": isHashed ? FOREVER : "no-cache" });
      },
    });
  });
  return (reply: FastifyReply) =>
    void reply
      .headers({ ...WEB_HEADERS, "cache-control": "no-cache", "content-type": "text/html; charset=utf-8" })
      .send(page);
}
export type SendPage = ReturnType<typeof serveWebApp>;

/** True for the address of a page, which the web app's own router shows; false for a call or a missing file. */
export function isPage(request: FastifyRequest): boolean {
  const path = request.url.split("?", 1)[0] ?? "";
  const isRead = request.method === "GET" || request.method === "HEAD";
  return isRead && !NO_PAGES.test(path) && (request.headers.accept ?? "").includes("text/html");
}
