import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "../../../kernel/errors.ts";

/** Reserves room for more bytes of a body. Returns whether there is any. */
export type Grow = (bytes: number) => AppError | null;

const overloaded = () =>
  new AppError("overloaded", {
    message: "The server is receiving more data than it can process. Nothing was stored. Try again after a short wait.",
    retryAfterSeconds: 1,
  });

/**
 * Admits large bodies as long as the received bytes of all bodies in progress are at most `maxBytes`. A body that would
 * exceed it is rejected with a time to retry, before it is read if it declares its length. A single body is always
 * admitted. Callers that only announce a lot, or send slowly, take no room from others.
 */
export function createBodyBudget(maxBytes: number) {
  let takenBytes = 0;
  return function admit({ headers }: IncomingMessage, response: ServerResponse): AppError | Grow {
    if (takenBytes > 0 && takenBytes + Number(headers["content-length"] ?? 0) > maxBytes) return overloaded();
    let own = 0;
    response.once("close", () => {
      takenBytes -= own;
      own = 0;
    });
    return function grow(bytes) {
      if (takenBytes > own && takenBytes + bytes > maxBytes) return overloaded();
      own += bytes;
      takenBytes += bytes;
      return null;
    };
  };
}
