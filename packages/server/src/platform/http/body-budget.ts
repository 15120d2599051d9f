import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "../../kernel/errors.ts";

/** What a body without a length is taken for. */
const UNKNOWN_BYTES = 1024 * 1024;
/** What text of spans usually compresses to. */
const COMPRESSION = 8;

/**
 * Lets large bodies be read as long as those under way come to no more than `maxBytes` together; any further one is told to
 * come back, before it is read. One alone is always let in.
 */
export function createBodyBudget(maxBytes: number) {
  let taken = 0;
  return function admit({ headers }: IncomingMessage, response: ServerResponse): AppError | null {
    const length = Number(headers["content-length"] ?? UNKNOWN_BYTES);
    const size = headers["content-encoding"] === undefined ? length : length * COMPRESSION;
    if (taken > 0 && taken + size > maxBytes) {
      const message = "More is being sent than can be read at once. Nothing was kept. Try again after a short wait.";
      return new AppError("overloaded", { message, retryAfterSeconds: 1 });
    }
    taken += size;
    response.once("close", () => {
      taken -= size;
    });
    return null;
  };
}
