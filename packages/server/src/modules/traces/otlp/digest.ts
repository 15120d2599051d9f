import { AppError } from "../../../kernel/errors.ts";
import { countDataPoints, countItems } from "./count-items.ts";
import { countDataPointsInJson, countInJson, parseRequest, visitLogs, visitSpans } from "./decode-json.ts";
import { decodeLogs, decodeTraces } from "./decode-protobuf.ts";
import { createLogIntake } from "./log-intake.ts";
import type { Digest, Order } from "./order.ts";
import { MAX_ITEMS } from "./received.ts";
import { createSpanIntake } from "./span-intake.ts";

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
