import type { Breaths } from "../../../platform/threads/port.ts";
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
 * Between items it takes breaths, where it is given some.
 */
export function digest(order: Order, memory: Memory = createMemory(), breaths?: Breaths): Digest {
  memory.seen.turn(order.now);
  try {
    return { ...read(order, memory, breaths), marks: memory.seen.takeMarks() };
  } catch (error) {
    memory.seen.forget(memory.seen.takeMarks());
    throw error;
  }
}

function read(order: Order, memory: Memory, breaths?: Breaths): Omit<Digest, "marks"> {
  const { share } = order;
  const bytes = Buffer.from(order.bytes.buffer, order.bytes.byteOffset, order.bytes.byteLength);
  if (order.signal === "metrics") return digestMetrics(order, bytes);
  const request = order.isProtobuf || bytes.length === 0 ? {} : parseRequest(bytes);
  if (order.signal === "traces") {
    const intake = createSpanIntake({ ...order, bytes }, memory);
    const take = withBreaths(intake.take, breaths);
    return intake.finish(order.isProtobuf ? decodeTraces(bytes, take, share) : visitSpans(request, take, share));
  }
  const intake = createLogIntake({ ...order, bytes }, memory);
  const take = withBreaths(intake.take, breaths);
  return intake.finish(order.isProtobuf ? decodeLogs(bytes, take, share) : visitLogs(request, take, share));
}

function withBreaths<Item>(take: (item: Item, index: number) => void, breaths: Breaths | undefined): typeof take {
  if (!breaths) return take;
  return (item, index) => {
    take(item, index);
    breaths.take();
  };
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
