import type { Signal } from "./digest/decode-request.ts";

const REJECTED_NAMES = { traces: "rejectedSpans", logs: "rejectedLogRecords", metrics: "rejectedDataPoints" } as const;

/** The response for the sender of a request. */
export type Outcome = { readonly rejected: number; readonly message: string };

/**
 * The response to a partly stored request: empty if all is stored, otherwise the number of rejected spans and the
 * reason.
 */
export function encodeReply(signal: Signal, { rejected, message }: Outcome, isProtobuf: boolean): Buffer {
  const isWhole = rejected === 0 && message === "";
  if (!isProtobuf) {
    const partialSuccess = { [REJECTED_NAMES[signal]]: String(rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(isWhole ? {} : { partialSuccess }));
  }
  if (isWhole) return Buffer.alloc(0);
  const text = Buffer.from(message);
  const fields = Buffer.from([...(rejected > 0 ? [0x08, ...varint(rejected)] : []), 0x12, ...varint(text.length)]);
  const length = fields.length + text.length;
  return Buffer.concat([Buffer.from([0x0a, ...varint(length)]), fields, text]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 128))];
}
