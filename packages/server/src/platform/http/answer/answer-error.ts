import type { Route } from "@treadle/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AppError } from "../../../kernel/errors.ts";
import type { Log } from "../../../kernel/log.ts";
import { errorBody } from "./error-body.ts";
import { headersOf, JSON_TYPE } from "./headers.ts";
import { otlpHttpStatus, otlpStatus } from "./otlp-status.ts";
import { refuseBody } from "./refuse-body.ts";
import { toAppError } from "./to-app-error.ts";

/** The only place where an error becomes a response. An unexpected error is logged with its cause and not revealed. */
export function createErrorAnswer(log: Log) {
  return function answerError(
    error: unknown,
    exchange: {
      request: FastifyRequest;
      reply: FastifyReply;
      wire: Route["wire"];
      errors?: Route["errors"] | undefined;
    },
  ) {
    const { request, reply, wire, errors } = exchange;
    const known = toAppError(error);
    report(log, known, request.id);
    const { raw } = reply;
    if (reply.sent || raw.headersSent || raw.destroyed) {
      // Half an answer must not look like a whole one; one whose head is on its way has begun. A whole one goes out at the end of this turn.
      setImmediate(() => {
        if (!raw.writableEnded) raw.destroy();
      });
      return;
    }
    if (known.retryAfterSeconds !== undefined) reply.header("retry-after", String(Math.ceil(known.retryAfterSeconds)));
    if (known.headers !== undefined) reply.headers(known.headers);
    if (known.code === "unauthorized") reply.header("www-authenticate", 'Bearer realm="treadle"');
    reply.headers(headersOf(request.id, wire));
    // Nothing has read it: the rejection came before the body.
    if (!request.raw.readableDidRead) refuseBody(request.raw, raw);
    if (wire === "otlp") {
      const { type, body } = otlpStatus(known, request.headers["content-type"]);
      reply.code(otlpHttpStatus(known)).header("content-type", type).send(body);
      return;
    }
    reply
      .code(known.status)
      .header("content-type", JSON_TYPE)
      .send(JSON.stringify(errorBody(known, request.id, errors ?? wire)));
  };
}

/** Logs errors on our side. An unavailable provider is logged in one line, because our stack says nothing about it. */
export function report(log: Log, { status, code, cause }: AppError, requestId: string) {
  if (status < 500 || cause === undefined) return;
  if (!code.startsWith("provider_")) log.error({ code, requestId, error: cause }, "request failed");
  else log.warn({ code, requestId, reason: cause instanceof Error ? cause.message : undefined }, "request failed");
}
export type AnswerError = ReturnType<typeof createErrorAnswer>;
