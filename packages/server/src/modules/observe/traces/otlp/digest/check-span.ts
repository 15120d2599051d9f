import type { ReceivedSpan } from "../../dialects/readers/received-span.ts";

const DAY_MICROS = 86_400_000_000;
/** One partition per month: spans further apart would create more partitions in a batch than the store accepts. */
const OLDEST_MICROS = 5 * 366 * DAY_MICROS;
const AHEAD_MICROS = DAY_MICROS;

export type Checked =
  | { readonly span: ReceivedSpan; readonly notes: readonly string[] }
  /** Why the span cannot be stored, in words that tell the sender how to fix it. */
  | { readonly reason: string };

const isId = (id: string, digits: number): boolean =>
  id.length === digits && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id);

export const isTraceId = (id: string) => isId(id, 32);
export const isSpanId = (id: string) => isId(id, 16);

/** Null for a valid time. `name` is the sender's field. */
export function timeProblem(micros: number, now: number, name: string): string | null {
  if (micros === 0) return `it has no ${name}`;
  const nowMicros = now * 1_000;
  if (micros >= nowMicros - OLDEST_MICROS && micros <= nowMicros + AHEAD_MICROS) return null;
  return `its ${name} is not within the last five years or is more than one day in the future`;
}

/** Decides whether a span can be stored, and repairs it if possible. Each repair is a note on the span. */
export function checkSpan(given: ReceivedSpan, now: number): Checked {
  if (given.problem !== undefined) return { reason: given.problem };
  if (!isTraceId(given.traceId)) return { reason: reasonOf(given.traceId, "trace id", 16) };
  if (!isSpanId(given.spanId)) return { reason: reasonOf(given.spanId, "span id", 8) };
  const notes: string[] = [];
  const startMicros = given.startMicros || given.endMicros;
  const problem = timeProblem(startMicros, now, "start time");
  if (problem) return { reason: problem };
  if (given.startMicros === 0) notes.push("It had no start time. Its end time is used as the start.");
  const endMicros = mendEnd(startMicros, given.endMicros, { now, notes });
  const parentSpanId = mendParent(given, notes);
  return { span: { ...given, parentSpanId, startMicros, endMicros }, notes };
}

/** Protobuf's own JSON has bytes in base64, and OTLP's has ids in hexadecimal: some senders mix them up. */
function reasonOf(id: string, name: string, bytes: number): string {
  const isBase64 = id.length === Math.ceil(bytes / 3) * 4 && id.endsWith("=");
  return `its ${name} must have ${bytes} bytes that are not all zero${isBase64 ? "; in JSON write it in hexadecimal, not in base64" : ""}`;
}

function mendEnd(start: number, end: number, { now, notes }: { now: number; notes: string[] }): number {
  const latest = now * 1_000 + AHEAD_MICROS;
  if (end >= start && end <= latest) return end;
  if (end === 0) notes.push("It had no end time. Its duration is stored as 0.");
  else if (end < start)
    notes.push(`It ended ${(start - end) / 1_000} ms before it started. Its duration is stored as 0.`);
  else notes.push("Its end time is in the future. It is stored as one day from now.");
  return end < start ? start : latest;
}

function mendParent({ spanId, parentSpanId }: ReceivedSpan, notes: string[]): string {
  if (parentSpanId === "" || /^0+$/.test(parentSpanId)) return "";
  if (parentSpanId === spanId) notes.push("It named itself as its parent. It is stored without a parent.");
  else if (isSpanId(parentSpanId)) return parentSpanId;
  else notes.push("Its parent id does not have 8 bytes. It is stored without a parent.");
  return "";
}
