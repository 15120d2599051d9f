import type { FastifyReply, FastifyRequest } from "fastify";
import type { Door } from "../listen/allowed-hosts.ts";
import type { Label, Traffic } from "./exchange.ts";

type Greeting = { readonly door: Door; readonly traffic: Traffic };

/** The hook of what anyone may read: the request is followed, and refused when it was not meant for this server. */
export function greet({ door, traffic }: Greeting, label: Label) {
  return function onRequest(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) {
    request.exchange = traffic.begin({ requestId: request.id, request: request.raw, response: reply.raw }, label);
    done(door.refusalOf(request.raw) ?? undefined);
  };
}
