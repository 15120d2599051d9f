import type { CooperativeYield } from "../../../../../platform/threads/port.ts";
import { countDataPoints } from "../decode/count-items.ts";
import { countDataPointsInJson, NO_REQUEST, parseRequest, visitLogs, visitSpans } from "../decode/decode-json.ts";
import { decodeLogs, decodeTraces } from "../decode/decode-protobuf.ts";
import type { Digest, Order } from "./decode-request.ts";
import { createLogIntake } from "./log-intake.ts";
import { createMemory, type Memory } from "./memory.ts";
import { digestOwnSpans } from "./own-span-intake.ts";
import { EMPTY_REPORT } from "./rejection-report.ts";
import { createSpanIntake } from "./span-intake.ts";

const EMPTY: Omit<Digest, "marks"> = {
  encoded: [],
  objects: [],
  watched: [],
  received: 0,
  repeated: 0,
  told: EMPTY_REPORT,
};

/**
 * Decodes, checks, interprets and encodes a request: everything except storage. Throws `invalid_request` for invalid
 * OTLP and `payload_too_large` for more items than the memory limit; the memory is then unchanged. Between items it
 * pauses if configured.
 */
export function digest(order: Order, memory: Memory = createMemory(), breaths?: CooperativeYield): Digest {
  memory.seen.turn(order.now);
  try {
    return { ...read(order, memory, breaths), marks: memory.seen.takeMarks() };
  } catch (error) {
    memory.seen.forget(memory.seen.takeMarks());
    throw error;
  }
}

function read(order: Order, memory: Memory, breaths?: CooperativeYield): Omit<Digest, "marks"> {
  if (order.signal === "spans") return digestOwnSpans(order);
  const { share } = order;
  const bytes = Buffer.from(order.bytes.buffer, order.bytes.byteOffset, order.bytes.byteLength);
  if (order.signal === "metrics") return digestMetrics(order, bytes);
  const request = order.isProtobuf || bytes.length === 0 ? NO_REQUEST : parseRequest(bytes);
  if (order.signal === "traces") {
    const intake = createSpanIntake({ ...order, bytes }, memory);
    const take = withBreaths(intake.take, breaths);
    return intake.finish(order.isProtobuf ? decodeTraces(bytes, take, share) : visitSpans(request, take, share));
  }
  const intake = createLogIntake({ ...order, bytes }, memory);
  const take = withBreaths(intake.take, breaths);
  return intake.finish(order.isProtobuf ? decodeLogs(bytes, take, share) : visitLogs(request, take, share));
}

function withBreaths<Item>(
  take: (item: Item, index: number) => void,
  breaths: CooperativeYield | undefined,
): typeof take {
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
  const message = "Treadle stores traces and GenAI events, not metrics. Turn off the sender's metrics exporter.";
  return { ...EMPTY, received: points, told: { ...EMPTY_REPORT, unkept: points, message } };
}
