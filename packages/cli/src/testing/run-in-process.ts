import { PassThrough, Readable } from "node:stream";
import { runProgram } from "../program.ts";
import type { Io } from "../shared/io.ts";

type Options = {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** The width of a terminal; without it the output is a pipe. */
  readonly columns?: number;
  /** What runs in place of the whole program. */
  readonly run?: (io: Io) => Promise<unknown>;
};

/** Runs a command line in this process, without the settings of the user who runs the tests. */
export async function runInProcess(argv: readonly string[], { env = {}, stdin = "", columns, run }: Options = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let code = 0;
  const io: Io = {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: Object.assign(stdout, columns === undefined ? {} : { isTTY: true, columns }),
    stderr,
    env: { XDG_CONFIG_HOME: "/nonexistent", TREADLE_DATA: "/nonexistent", ...env },
    setExitCode(value) {
      code = value;
    },
  };
  const texts = Promise.all([collect(stdout), collect(stderr)]);
  await (run ? run(io) : runProgram(argv, io));
  stdout.end();
  stderr.end();
  const [bytes, err] = await texts;
  return { code, bytes, stdout: bytes.toString(), stderr: err.toString(), json: () => JSON.parse(bytes.toString()) };
}

async function collect(stream: PassThrough): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
