import type { ModelPrice } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { EncodedRows } from "../../../platform/spool/port.ts";
import type { SpanRow } from "../span-row.ts";
import { countDataPoints, countItems } from "./count-items.ts";
import { countDataPointsInJson, countInJson, parseRequest, visitLogs, visitSpans } from "./decode-json.ts";
import { decodeLogs, decodeTraces } from "./decode-protobuf.ts";
import { createLogIntake } from "./log-intake.ts";
import { MAX_ITEMS } from "./received.ts";
import type { SetAside } from "./set-aside.ts";
import { createSpanIntake } from "./span-intake.ts";

export const SIGNALS = ["traces", "logs", "metrics"] as const;
export type Signal = (typeof SIGNALS)[number];

/** One request, to be turned into rows. */
export type Order = {
  readonly signal: Signal;
  readonly isProtobuf: boolean;
  readonly projectId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether somebody looks at spans as they come in. */
  readonly isWatched: boolean;
  /** The project's own prices; calls that say no cost are priced by them and by the kept table. */
  readonly prices: readonly ModelPrice[];
  readonly bytes: Uint8Array;
};

export type WatchedSpan = { readonly row: SpanRow; readonly startTime: string };

/** What became of a request. */
export type Digest = {
  readonly encoded: readonly EncodedRows[];
  readonly objects: readonly SetAside[];
  readonly watched: readonly WatchedSpan[];
  readonly received: number;
  readonly rejected: number;
  /** Why some were rejected, or what else the sender should know; may be empty. */
  readonly message: string;
};

const EMPTY: Digest = { encoded: [], objects: [], watched: [], received: 0, rejected: 0, message: "" };
const TRACES = ["resourceSpans", "scopeSpans", "spans"] as const;
const LOGS = ["resourceLogs", "scopeLogs", "logRecords"] as const;

/**
 * Decodes, checks, understands and encodes a request: everything but keeping it. Throws `invalid_request` for what is no OTLP
 * and `payload_too_large` for more in one request than there is memory for.
 */
export function digest(order: Order): Digest {
  const bytes = Buffer.from(order.bytes.buffer, order.bytes.byteOffset, order.bytes.byteLength);
  if (order.signal === "metrics") return digestMetrics(order, bytes);
  if (order.isProtobuf) checkCount(countItems(bytes));
  const request = order.isProtobuf || bytes.length === 0 ? {} : parseRequest(bytes);
  if (order.signal === "traces") {
    if (!order.isProtobuf) checkCount(countInJson(request, TRACES));
    const intake = createSpanIntake({ ...order, bytes });
    if (order.isProtobuf) decodeTraces(bytes, intake.take);
    else visitSpans(request, intake.take);
    return intake.finish();
  }
  if (!order.isProtobuf) checkCount(countInJson(request, LOGS));
  const intake = createLogIntake({ ...order, bytes });
  if (order.isProtobuf) decodeLogs(bytes, intake.take);
  else visitLogs(request, intake.take);
  return intake.finish();
}

function digestMetrics({ isProtobuf }: Order, bytes: Buffer): Digest {
  const points = isProtobuf
    ? countDataPoints(bytes)
    : bytes.length === 0
      ? 0
      : countDataPointsInJson(parseRequest(bytes));
  if (points === 0) return EMPTY;
  const message = "Treadle keeps traces and GenAI events, not metrics. Switch the sender's metrics exporter off.";
  return { ...EMPTY, received: points, rejected: points, message };
}

function checkCount(count: number): void {
  if (count <= MAX_ITEMS) return;
  throw new AppError("payload_too_large", {
    message: `The request holds ${count} items; at most ${MAX_ITEMS} are taken at once. Let the sender export smaller batches.`,
    details: { maxItems: MAX_ITEMS },
  });
}
