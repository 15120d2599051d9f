import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "../../kernel/errors.ts";

/** Takes room for more of a body that has come; says when there is none. */
export type Grow = (bytes: number) => AppError | null;

const overloaded = () =>
  new AppError("overloaded", {
    message: "More is being sent than can be read at once. Nothing was kept. Try again after a short wait.",
    retryAfterSeconds: 1,
  });

/**
 * Lets large bodies be read as long as what has come of those under way is no more than `maxBytes` together; one that would not
 * fit beside it is told to come back, before it is read where it says how long it is. One alone is always let in. Who only announces
 * much, or sends it slowly, takes no room from others.
 */
export function createBodyBudget(maxBytes: number) {
  let taken = 0;
  return function admit({ headers }: IncomingMessage, response: ServerResponse): AppError | Grow {
    if (taken > 0 && taken + Number(headers["content-length"] ?? 0) > maxBytes) return overloaded();
    let own = 0;
    response.once("close", () => {
      taken -= own;
      own = 0;
    });
    return function grow(bytes) {
      if (taken > own && taken + bytes > maxBytes) return overloaded();
      own += bytes;
      taken += bytes;
      return null;
    };
  };
}
