import { IDEMPOTENCY_KEY, IDEMPOTENCY_KEY_PATTERN, IDEMPOTENCY_REPLAYED } from "@treadle/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../../../kernel/errors.ts";
import type { IdempotencyKeys } from "../../idempotency/port.ts";
import { NOBODY } from "../traffic/credentials.ts";
import { errorBody } from "./error-body.ts";
import { toAppError } from "./to-app-error.ts";

type KeyedCall = {
  readonly key: string;
  readonly endpoint: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** The body as it arrived, after decompression. */
  readonly bytes: Buffer;
  /** Runs the operation, and returns its response as JSON text. */
  readonly run: () => Promise<string>;
};

/** Refusals that a retry may not meet again: too many requests, and a caller that disconnected. */
const PASSING: readonly number[] = [429, 499];

/** The `Idempotency-Key` of a request; undefined when it has none. Throws `invalid_request` for one that is not valid. */
export function idempotencyKeyOf({ raw }: FastifyRequest): string | undefined {
  const key = raw.headers[IDEMPOTENCY_KEY];
  if (key === undefined) return undefined;
  if (typeof key === "string" && IDEMPOTENCY_KEY_PATTERN.test(key)) return key;
  throw new AppError("invalid_request", {
    message: "The header Idempotency-Key must have 1 to 255 printable ASCII characters. A UUID is a good key.",
    details: { param: IDEMPOTENCY_KEY },
  });
}

/**
 * Runs an operation once for each key of a caller, and returns the body to send; the status is set on the reply. A retry gets the
 * stored response. An error of the caller is stored as well. An error of the server is not, so a retry runs the operation.
 */
export async function runOnce(keys: IdempotencyKeys, call: KeyedCall): Promise<string> {
  const { key, endpoint: operation, request, reply, bytes: body, run } = call;
  const { projectId, actor } = request.exchange.scope ?? NOBODY;
  const reservation = await keys.begin({ projectId, actor, operation, key, url: request.raw.url ?? "", body });
  if ("status" in reservation) {
    reply.code(reservation.status).header(IDEMPOTENCY_REPLAYED, "true");
    return reservation.body;
  }
  try {
    const text = await run();
    await reservation.store({ status: reply.statusCode, body: text });
    return text;
  } catch (error) {
    const failure = toAppError(error);
    if (failure.status >= 500 || PASSING.includes(failure.status)) await reservation.release();
    else
      await reservation.store({
        status: failure.status,
        body: JSON.stringify(errorBody(failure, request.id, undefined)),
      });
    throw error;
  }
}
