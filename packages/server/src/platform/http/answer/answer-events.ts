import type { Shape } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Sink } from "../../../kernel/sink.ts";

const HEARTBEAT_MS = 15_000;
const HEADERS = { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" };

type Stream = {
  readonly sink: Sink;
  readonly controller: AbortController;
  readonly shape: Shape;
  /** The field of each event that is its id. */
  readonly eventId?: string | undefined;
  /** Asked with every heartbeat; once false, the stream ends. */
  isStillAllowed(): Promise<boolean>;
  readonly heartbeatMs?: number;
};

/**
 * Sends a source's values as server-sent events, at the receiver's pace, with occasional comments that prevent proxies
 * from closing the connection. Resolves when the source has ended, which it must do when the signal is aborted: because
 * the receiver disconnected, the server stops, or the permission was removed. Throws the source's errors.
 */
export async function answerEvents(source: AsyncIterable<unknown>, stream: Stream) {
  const { sink, controller, shape, eventId, isStillAllowed, heartbeatMs = HEARTBEAT_MS } = stream;
  controller.signal.addEventListener("abort", () => sink.end(), { once: true });
  sink.head(200, HEADERS);
  sink.write(": open\n\n");
  const heartbeat = setInterval(async () => {
    sink.write(": still here\n\n");
    if (!(await isStillAllowed().catch(isWeather))) controller.abort();
  }, heartbeatMs);
  try {
    for await (const event of source) {
      if (controller.signal.aborted) break;
      const data = shape.parse(event);
      if (!sink.write(`${idLine(data, eventId)}data: ${JSON.stringify(data)}\n\n`)) await sink.drained();
    }
  } finally {
    clearInterval(heartbeat);
  }
  sink.end();
}

function idLine(event: unknown, field: string | undefined): string {
  if (field === undefined || typeof event !== "object" || event === null) return "";
  const id: unknown = Reflect.get(event, field);
  return typeof id === "number" || (typeof id === "string" && /^[\w.:-]+$/.test(id)) ? `id: ${id}\n` : "";
}

/**
 * An unavailable database does not remove a permission. A rejection does, for example after the removal from a project.
 */
const isWeather = (error: unknown) => !(error instanceof AppError);
