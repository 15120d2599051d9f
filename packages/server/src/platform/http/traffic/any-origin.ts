import type { FastifyInstance } from "fastify";
import type { Door } from "../listen/allowed-hosts.ts";
import type { Traffic } from "./exchange.ts";

/**
 * Headers that let a page of any site read a response. Cookies are neither sent nor accepted, because no credentials
 * are allowed.
 */
export const ANY_ORIGIN: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "retry-after, x-request-id",
};
const ONE_DAY_SECONDS = 86_400;

type Deps = { readonly door: Door; readonly traffic: Traffic };

/** Answers the question that a browser asks before it sends JSON to another site. */
export function answerPreflight(
  app: FastifyInstance,
  { method, url }: { method: string; url: string },
  { door, traffic }: Deps,
) {
  const label = { method: "OPTIONS", route: url, isQuiet: true };
  app.options(url, {
    onRequest(request, reply, done) {
      request.exchange = traffic.begin({ requestId: request.id, request: request.raw, response: reply.raw }, label);
      done(door.misdirectionOf(request.raw) ?? undefined);
    },
    handler(_request, reply) {
      reply
        .code(204)
        .headers(ANY_ORIGIN)
        .headers({
          "access-control-allow-methods": method,
          "access-control-allow-headers": "content-type",
          "access-control-max-age": String(ONE_DAY_SECONDS),
        })
        .send();
    },
  });
}
