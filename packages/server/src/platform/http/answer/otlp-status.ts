import type { ErrorCode } from "@treadle/contract";
import type { AppError } from "../../../kernel/errors.ts";
import { JSON_TYPE } from "./headers.ts";

export const PROTOBUF_TYPE = "application/x-protobuf";
/** The largest body that OTLP asks a server to take, counted after decompression. */
export const OTLP_BYTES = 64 * 1024 * 1024;

const INTERNAL = 13;
const GRPC_CODES: Partial<Record<ErrorCode, number>> = {
  cancelled: 1,
  invalid_request: 3,
  unsupported_media_type: 3,
  unprocessable: 3,
  provider_timeout: 4,
  not_found: 5,
  forbidden: 7,
  payload_too_large: 8,
  rate_limited: 8,
  quota_exceeded: 8,
  method_not_allowed: 12,
  unauthorized: 16,
  unavailable: 14,
  overloaded: 14,
  insufficient_storage: 14,
};

/** The code of google.rpc.Status that says the same as ours. */
export const grpcCodeOf = (code: ErrorCode): number => GRPC_CODES[code] ?? INTERNAL;

export const isProtobuf = (contentType: string | undefined): boolean =>
  contentType !== undefined && /^application\/(?:x-)?protobuf\b/i.test(contentType);

/** OTLP's senders try again after 429, 502, 503 and 504 only: a disk that is full for now is one of those. */
export const otlpHttpStatus = ({ code, status }: AppError): number => (code === "insufficient_storage" ? 503 : status);

/** A failed answer as OTLP wants it: a google.rpc.Status in the content type of the request. */
export function otlpStatus({ code, message }: AppError, contentType: string | undefined) {
  const number = grpcCodeOf(code);
  if (!isProtobuf(contentType)) return { type: JSON_TYPE, body: JSON.stringify({ code: number, message }) };
  const text = Buffer.from(message);
  return { type: PROTOBUF_TYPE, body: Buffer.from([0x08, number, 0x12, ...varint(text.length), ...text]) };
}

/** A whole number from 0 to 2³² - 1 as protobuf writes it. */
export function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
