import { type DestinationStream, destination, pino } from "pino";
import type { Log } from "../../kernel/log.ts";
import { describeError } from "./describe-error.ts";

/** Field names that must not reach the log, even by mistake, at the top and one level down. */
const SECRETS = ["authorization", "cookie", "password", "currentPassword", "token", "apiKey", "key", "headers", "body"];

/** JSON lines on standard error (or `stream`). Errors given as `error` are written without the values they carry. */
export function createLog(level: string, stream: DestinationStream = destination({ dest: 2, sync: false })): Log {
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
