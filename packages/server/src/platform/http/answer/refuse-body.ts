import type { IncomingMessage, ServerResponse } from "node:http";

/** A body of at most this size is read to its end, so that its connection can be used again. */
const SMALL_BYTES = 1024 * 1024;
const LINGER_BYTES = 8 * 1024 * 1024;
const LINGER_MS = 5_000;

/**
 * Reads on for a moment without keeping anything: a caller that is cut off while it sends never sees the answer. After
 * some megabytes nothing more is taken, which stops the caller's sending, and a little later the connection ends.
 */
export function discardTheRest(request: IncomingMessage) {
  if (request.complete) return;
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > LINGER_BYTES) request.pause();
  });
  request.resume();
  const timer = setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, LINGER_MS);
  timer.unref();
  request.once("close", () => clearTimeout(timer));
}

const lengthOf = ({ headers }: IncomingMessage): number => {
  if (headers["transfer-encoding"] !== undefined) return Number.POSITIVE_INFINITY;
  return Number(headers["content-length"] ?? 0);
};

/**
 * For an answer that goes out before the body was read, such as 401: the connection of a large one ends with the answer.
 * Node alone would either read all of the body in the hope of a further request, or destroy the connection while the caller
 * still sends, which costs it the answer.
 */
export function refuseBody(request: IncomingMessage, response: ServerResponse) {
  if (request.complete || lengthOf(request) <= SMALL_BYTES) return;
  const { socket } = request;
  response.shouldKeepAlive = false;
  socket.destroySoon = () => socket.end();
  request.once("end", () => socket.destroy());
  discardTheRest(request);
}
