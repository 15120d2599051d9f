import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../../kernel/errors.ts";

const WINDOW_BYTES = 1 << 18;

export const refused = (why: string) =>
  new AppError("unprocessable", { message: `This file is not a usable GGUF model: ${why}.` });

/**
 * Reads little-endian values in order through a window of 256 KiB, so that a file's claims never cause large
 * allocations. `need` brings bytes into the window; the `u32`-like readers take from it without waiting.
 */
export function createCursor(file: FileHandle, fileBytes: number) {
  let window = Buffer.alloc(0);
  let windowStart = 0;
  let at = 0;

  const left = () => windowStart + window.length - at;
  async function refill(bytes: number) {
    if (bytes > fileBytes - at)
      throw refused(`it ends at byte ${fileBytes}, but ${bytes} more bytes are needed at byte ${at}`);
    const next = Buffer.allocUnsafe(Math.min(Math.max(bytes, WINDOW_BYTES), fileBytes - at));
    const { bytesRead } = await file.read(next, 0, next.length, at);
    if (bytesRead < bytes) throw refused(`it could only be read up to byte ${at + bytesRead}`);
    window = next.subarray(0, bytesRead);
    windowStart = at;
  }
  function take(bytes: number) {
    const offset = at - windowStart;
    at += bytes;
    return offset;
  }

  return {
    position: () => at,
    remaining: () => fileBytes - at,
    /** True when `bytes` can be taken without `need`. */
    has: (bytes: number) => left() >= bytes,
    need: (bytes: number) => (left() >= bytes ? undefined : refill(bytes)),
    u8: () => window.readUInt8(take(1)),
    u32: () => window.readUInt32LE(take(4)),
    i32: () => window.readInt32LE(take(4)),
    f32: () => window.readFloatLE(take(4)),
    f64: () => window.readDoubleLE(take(8)),
    /** A count or an offset. More than 2^53 can be no such thing. */
    u64(what: string) {
      const value = window.readBigUInt64LE(take(8));
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw refused(`${what} is ${value}`);
      return Number(value);
    },
    text(bytes: number) {
      const offset = take(bytes);
      return window.toString("utf8", offset, offset + bytes);
    },
    /** Steps over bytes without reading them. */
    skip(bytes: number) {
      if (bytes > fileBytes - at)
        throw refused(`it ends at byte ${fileBytes}, but ${bytes} more bytes are needed at byte ${at}`);
      at += bytes;
      if (at > windowStart + window.length) {
        window = Buffer.alloc(0);
        windowStart = at;
      }
    },
  };
}
export type Cursor = ReturnType<typeof createCursor>;
