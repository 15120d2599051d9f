import { countDataPoints } from "./count-items.ts";
import { countDataPointsInJson, parseRequest, visitLogs, visitSpans } from "./decode-json.ts";
import { decodeLogs, decodeTraces } from "./decode-protobuf.ts";
import { createLogIntake } from "./log-intake.ts";
import { createMemory, type Memory } from "./memory.ts";
import type { Digest, Order } from "./order.ts";
import { createSpanIntake } from "./span-intake.ts";
import { NOTHING_TOLD } from "./told.ts";

const EMPTY: Omit<Digest, "marks"> = {
  encoded: [],
  objects: [],
  watched: [],
  received: 0,
  repeated: 0,
  told: NOTHING_TOLD,
};

/**
 * Decodes, checks, understands and encodes a request: everything but keeping it. Throws `invalid_request` for what is no OTLP
 * and `payload_too_large` for more in one request than there is memory for; then the memory is as it was before.
 */
export function digest(order: Order, memory: Memory = createMemory()): Digest {
  memory.seen.turn(order.now);
  try {
    return { ...read(order, memory), marks: memory.seen.takeMarks() };
  } catch (error) {
    memory.seen.forget(memory.seen.takeMarks());
    throw error;
  }
}

function read(order: Order, memory: Memory): Omit<Digest, "marks"> {
  const { share } = order;
  const bytes = Buffer.from(order.bytes.buffer, order.bytes.byteOffset, order.bytes.byteLength);
  if (order.signal === "metrics") return digestMetrics(order, bytes);
  const request = order.isProtobuf || bytes.length === 0 ? {} : parseRequest(bytes);
  if (order.signal === "traces") {
    const intake = createSpanIntake({ ...order, bytes }, memory);
    return intake.finish(
      order.isProtobuf ? decodeTraces(bytes, intake.take, share) : visitSpans(request, intake.take, share),
    );
  }
  const intake = createLogIntake({ ...order, bytes }, memory);
  return intake.finish(
    order.isProtobuf ? decodeLogs(bytes, intake.take, share) : visitLogs(request, intake.take, share),
  );
}

function digestMetrics({ isProtobuf }: Order, bytes: Buffer): Omit<Digest, "marks"> {
  const points = isProtobuf
    ? countDataPoints(bytes)
    : bytes.length === 0
      ? 0
      : countDataPointsInJson(parseRequest(bytes));
  if (points === 0) return EMPTY;
  const message = "Treadle keeps traces and GenAI events, not metrics. Switch the sender's metrics exporter off.";
  return { ...EMPTY, received: points, told: { ...NOTHING_TOLD, unkept: points, message } };
}
