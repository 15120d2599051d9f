import { Metadata, type StatusObject } from "@grpc/grpc-js";
import type { AppError } from "../../kernel/errors.ts";
import { grpcCodeOf, varint } from "../http/answer/otlp-status.ts";

const RETRY_INFO = Buffer.from("type.googleapis.com/google.rpc.RetryInfo");
/** A message travels in the trailers, which are headers. */
const MAX_MESSAGE = 2_000;

/** A field of bytes, or of a message. */
const field = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([number * 8 + 2, ...varint(bytes.length)]), bytes]);

/**
 * A failed call as a gRPC status. If the caller should retry later, a google.rpc.RetryInfo contains the delay: in the
 * status details, which most senders read, and under a separate key, which Python's sender reads.
 */
export function statusOf(error: AppError, requestId: string): StatusObject {
  const code = grpcCodeOf(error.code);
  // The library writes it as a URI, which must not hold half of a character.
  const details = error.message.slice(0, MAX_MESSAGE).toWellFormed();
  const metadata = new Metadata();
  metadata.set("x-request-id", requestId);
  if (error.retryAfterSeconds !== undefined) {
    const delay = Buffer.from([0x08, ...varint(Math.ceil(error.retryAfterSeconds))]);
    const retryInfo = field(1, delay);
    const status = [
      Buffer.from([0x08, code]),
      field(2, Buffer.from(details)),
      field(3, Buffer.concat([field(1, RETRY_INFO), field(2, retryInfo)])),
    ];
    metadata.set("grpc-status-details-bin", Buffer.concat(status));
    metadata.set("google.rpc.retryinfo-bin", retryInfo);
  }
  return { code, details, metadata };
}
