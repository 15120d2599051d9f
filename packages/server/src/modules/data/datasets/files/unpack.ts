import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { AppError } from "../../../../kernel/errors.ts";
import type { FileLimits } from "./limits.ts";

/** The bytes within a gzip file. Ends with `unprocessable` when it is damaged, cut off or a bomb. */
export async function* gunzip(
  source: AsyncIterable<Uint8Array>,
  limits: FileLimits,
): AsyncGenerator<Buffer, void, undefined> {
  let packed = 0;
  let unpacked = 0;
  const counted = (async function* () {
    for await (const piece of source) {
      packed += piece.byteLength;
      yield piece;
    }
  })();
  const decoder = createGunzip();
  // An error also ends the decoder, and is thrown to the reader.
  const flow = pipeline(Readable.from(counted), decoder).catch(() => undefined);
  try {
    for await (const piece of decoder) {
      unpacked += piece.length;
      if (unpacked > limits.bombBytes && unpacked > packed * limits.bombRatio) throw bomb(packed, unpacked);
      if (unpacked > limits.unpackedBytes) throw tooLarge(limits.unpackedBytes);
      yield piece;
    }
  } catch (cause) {
    throw cause instanceof AppError ? cause : damaged(cause, unpacked);
  } finally {
    decoder.destroy();
    await flow;
  }
}

const mib = (bytes: number) => Math.round(bytes / 1024 / 1024);

const bomb = (packed: number, unpacked: number) =>
  new AppError("unprocessable", {
    message: `The gzip file expands too much: ${Math.ceil(packed / 1024)} KiB of it became ${mib(unpacked)} MiB. If this is intended, send the file uncompressed.`,
  });

const tooLarge = (maxBytes: number) =>
  new AppError("unprocessable", {
    message: `The uncompressed file is larger than ${mib(maxBytes)} MiB. Import it in parts.`,
  });

const damaged = (cause: unknown, unpacked: number) =>
  new AppError("unprocessable", {
    message: `The gzip file is damaged or incomplete after ${mib(unpacked)} MiB of its content. Send it again.`,
    cause,
  });
