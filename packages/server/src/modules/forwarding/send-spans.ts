import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Span } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import { type Outbound, OutboundError } from "../../platform/outbound/port.ts";
import { encodeSpans } from "./encode-spans.ts";

export type Target = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly includesContent: boolean;
};
export type Sent = { readonly taken: number; readonly refused: number; readonly message: string };

/** The receiver cannot take anything now: the same spans are sent again later. */
export class NotNowError extends Error {
  override readonly name = "NotNowError";
  readonly waitMs: number;

  constructor(message: string, waitMs = 0) {
    super(message);
    this.waitMs = waitMs;
  }
}

const TIMEOUTS = { connectMs: 5_000, firstByteMs: 20_000, idleMs: 10_000, totalMs: 30_000 };
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_MESSAGE = 500;
/** What a receiver says of the spans themselves; everything else is about the address, the key or the moment. */
const ABOUT_THE_SPANS = new Set([400, 413, 422]);

const Answer = z.object({
  partialSuccess: z.object({ rejectedSpans: z.coerce.number().default(0), errorMessage: z.string().default("") }),
});
const compress = promisify(gzip);

/**
 * Sends spans as OTLP/HTTP. Those that the receiver refuses are halved until the bad ones stand alone, and counted. Throws
 * `NotNowError` when none could be sent for a reason that may pass; then nothing is counted.
 */
export async function sendSpans(outbound: Outbound, target: Target, spans: readonly Span[]): Promise<Sent> {
  const answer = await post(outbound, target, spans);
  if (answer.status >= 200 && answer.status < 300) {
    const { rejectedSpans, errorMessage } = readPartial(answer.body);
    const refused = Math.min(spans.length, Math.max(0, rejectedSpans));
    return { taken: spans.length - refused, refused, message: errorMessage.slice(0, MAX_MESSAGE) };
  }
  const message = `The receiver answered ${answer.status}: ${answer.body.toString().slice(0, MAX_MESSAGE)}`;
  if (!ABOUT_THE_SPANS.has(answer.status)) throw new NotNowError(message, retryAfterMs(answer.headers["retry-after"]));
  if (spans.length === 1) return { taken: 0, refused: 1, message };
  const middle = Math.ceil(spans.length / 2);
  const first = await sendSpans(outbound, target, spans.slice(0, middle));
  const second = await sendSpans(outbound, target, spans.slice(middle));
  return {
    taken: first.taken + second.taken,
    refused: first.refused + second.refused,
    message: first.message || second.message,
  };
}

async function post(outbound: Outbound, { url, headers, includesContent }: Target, spans: readonly Span[]) {
  const body = await compress(encodeSpans(spans, { includesContent }));
  try {
    return await outbound.request({
      method: "POST",
      url,
      headers: { ...headers, "content-type": "application/json", "content-encoding": "gzip" },
      body,
      timeouts: TIMEOUTS,
      maxBytes: MAX_ANSWER_BYTES,
    });
  } catch (error) {
    if (error instanceof OutboundError || error instanceof AppError) throw new NotNowError(error.message);
    throw error;
  }
}

function readPartial(body: Buffer): { rejectedSpans: number; errorMessage: string } {
  try {
    return Answer.parse(JSON.parse(body.toString())).partialSuccess;
  } catch {
    // An answer without it, or in protobuf, says that all was taken.
    return { rejectedSpans: 0, errorMessage: "" };
  }
}

function retryAfterMs(header: string | string[] | undefined): number {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) * 1_000 : 0;
}
