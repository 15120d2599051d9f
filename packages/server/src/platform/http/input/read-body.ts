import type { IncomingMessage } from "node:http";
import type { Transform } from "node:stream";
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import { AppError } from "../../../kernel/errors.ts";
import type { Grow } from "./body-budget.ts";

type Done = (error: AppError | null, body: Buffer) => void;
type Bound = {
  readonly maxBytes: number;
  /** Called for each chunk after decompression. Its error ends the transfer. */
  readonly grow?: Grow | undefined;
};

const NOTHING = Buffer.alloc(0);
/** The largest window of a zstd frame: 8 MiB, which RFC 8878 requires every decoder to support. */
const ZSTD_WINDOW_LOG = 23;

/** A map and not an object: the caller names the entry, and `constructor` must be none. */
const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ["gzip", () => createGunzip()],
  ["x-gzip", () => createGunzip()],
  ["deflate", () => createInflate()],
  ["br", () => createBrotliDecompress()],
  ["zstd", () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } })],
]);

const tooLarge = (maxBytes: number) =>
  new AppError("payload_too_large", {
    message: `The request body is larger than ${maxBytes} bytes after decompression. Send smaller requests, or raise TREADLE_MAX_BODY_MB.`,
    details: { maxBytes },
  });

/**
 * Reads a whole body of at most `maxBytes`, counted after decompression during the transfer, so that a compression bomb
 * is never inflated fully. `done` is called once, with `payload_too_large`, `unsupported_media_type`,
 * `invalid_request`, `cancelled` or the result of `grow` if there is no body.
 */
export function readBody(request: IncomingMessage, bound: Bound, done: Done) {
  const { maxBytes } = bound;
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase();
  if (Number(request.headers["content-length"]) > maxBytes) return done(tooLarge(maxBytes), NOTHING);
  if (encoding === undefined || encoding === "identity") return collect(request, { request, ...bound }, done);
  const decoder = DECODERS.get(encoding);
  if (!decoder) {
    const message = `The content encoding "${encoding.slice(0, 40)}" is not supported. Supported: ${[...DECODERS.keys()].join(", ")}.`;
    return done(new AppError("unsupported_media_type", { message }), NOTHING);
  }
  return collect(decode(request, decoder()), { request, ...bound }, done);
}

/** The decompressed stream. It is torn down with the request, and the request is no longer read once it has failed. */
function decode(request: IncomingMessage, decoder: Transform): Transform {
  request.pipe(decoder);
  request.once("error", () => decoder.destroy());
  request.once("close", () => {
    if (!request.complete) decoder.destroy();
  });
  return decoder;
}

function collect(
  source: IncomingMessage | Transform,
  bound: Bound & { readonly request: IncomingMessage },
  done: Done,
) {
  const { request, maxBytes, grow } = bound;
  let chunks: Buffer[] = [];
  let size = 0;
  let isDone = false;

  function finish(error: AppError | null, body: Buffer) {
    if (isDone) return;
    isDone = true;
    chunks = [];
    if (error && source !== request) {
      request.unpipe();
      source.destroy();
    }
    done(error, body);
  }

  source.on("data", (chunk: Buffer) => {
    if (isDone) return;
    size += chunk.length;
    if (size > maxBytes) return finish(tooLarge(maxBytes), NOTHING);
    const refusal = grow?.(chunk.length);
    if (refusal) return finish(refusal, NOTHING);
    chunks.push(chunk);
  });
  source.on("end", () => {
    const [first] = chunks;
    finish(null, chunks.length === 1 && first ? first : Buffer.concat(chunks, size));
  });
  source.on("error", (cause) => finish(broken(request, cause), NOTHING));
  source.on("close", () => {
    if (!isDone) finish(broken(request), NOTHING);
  });
}

function broken(request: IncomingMessage, cause?: unknown): AppError {
  if (!request.complete) return new AppError("cancelled", { cause });
  return new AppError("invalid_request", {
    message:
      "The request body does not match its Content-Encoding header. Send the body in that encoding, or leave the header out.",
    cause,
  });
}
