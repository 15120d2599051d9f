import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { Io } from "../shared/io.ts";

/** Where the result of a command goes: standard output, or a file. */
export type Sink = {
  /** Resolves when the chunk was taken, so that a large download does not collect in memory. */
  write(chunk: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
};

/** A file when one is named; `-` and nothing are standard output. */
export function openSink(file: string | undefined, { stdout }: Pick<Io, "stdout">): Sink {
  const isFile = file !== undefined && file !== "-";
  const stream = isFile ? createWriteStream(file) : stdout;
  return {
    write: (chunk) =>
      new Promise((resolve, reject) => stream.write(chunk, (error) => (error ? reject(error) : resolve()))),
    async close() {
      if (!isFile) return;
      stream.end();
      await finished(stream);
    },
  };
}
