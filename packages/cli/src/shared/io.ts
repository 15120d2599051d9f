import type { Readable, Writable } from "node:stream";

/** Where a command reads and writes. A test hands in its own. */
export type Io = {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sets the code that the program ends with. */
  readonly setExitCode: (code: number) => void;
};

/** The streams of this process. */
export const processIo = (): Io => ({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  setExitCode(code) {
    process.exitCode = code;
  },
});
