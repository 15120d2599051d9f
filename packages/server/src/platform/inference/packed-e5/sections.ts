import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../../kernel/errors.ts";

export const damaged = (why: string): AppError =>
  new AppError("unprocessable", {
    message: `The packed embedding model is damaged or has another format: ${why}. Pull the model again.`,
  });

/** Reads a file in order. */
export type Sections = { take(bytes: number, what: string): Promise<Buffer> };

/** `take` throws `unprocessable` where the file is too short. */
export function createSections(file: FileHandle, size: number): Sections {
  let at = 0;
  return {
    async take(bytes, what) {
      if (bytes > size - at)
        throw damaged(`it ends at byte ${size}, but ${what} needs ${bytes} bytes from byte ${at} on`);
      const buffer = Buffer.alloc(bytes);
      const { bytesRead } = await file.read(buffer, 0, bytes, at);
      if (bytesRead < bytes) throw damaged(`${what} could only be read up to byte ${at + bytesRead}`);
      at += bytes;
      return buffer;
    },
  };
}
