import { type DestinationStream, pino } from "pino";
import type { Log } from "../../kernel/log.ts";
import { describeError } from "./describe-error.ts";
import { type LineOutput, openLineOutput } from "./line-output.ts";

/** Field names that must not reach the log, even by mistake, at the top and one level down. */
const SECRETS = ["authorization", "cookie", "password", "currentPassword", "token", "apiKey", "key", "headers", "body"];

const STANDARD_ERROR = 2;

/** Where the log of a server goes. A line that cannot be written is dropped and counted. */
export const openLogOutput = (fd = STANDARD_ERROR): LineOutput =>
  openLineOutput({ fd, report: (droppedLines) => `${JSON.stringify(missing(droppedLines))}\n` });

const missing = (droppedLines: number) => ({
  level: "warn",
  time: new Date().toISOString(),
  droppedLines,
  msg: "log lines are missing here, because they could not be written",
});

/** JSON lines for `stream`. Errors given as `error` are written without the values they carry. */
export function createLog(level: string, stream: DestinationStream): Log {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`]);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: "[redacted]" },
      // pino has its own for `err`, which would write everything an error carries.
      serializers: { error: describeError, err: describeError },
    },
    stream,
  );
}
