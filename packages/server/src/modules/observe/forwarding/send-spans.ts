import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Span } from "@treadle/contract";
import { z } from "zod";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import { readRetryAfter } from "../../../kernel/retry-after.ts";
import { type Outbound, OutboundError } from "../../../platform/outbound/port.ts";
import { encodeSpans } from "./encode-spans.ts";

export type Target = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly includesContent: boolean;
};
export type Sent = { readonly taken: number; readonly refused: number; readonly message: string };

/** Nothing was delivered, so the same spans are sent again later. */
export class NotNowError extends Error {
  override readonly name = "NotNowError";
  /** The receiver's Retry-After delay, in milliseconds. 0 if there is none. */
  readonly waitMs: number;
  /** True when retries cannot help until the address, the headers or the receiver change, such as after a 403 or a redirect. */
  readonly isRejection: boolean;

  constructor(message: string, { waitMs = 0, isRejection = false }: { waitMs?: number; isRejection?: boolean } = {}) {
    super(message);
    this.waitMs = waitMs;
    this.isRejection = isRejection;
  }
}

const TIMEOUTS = { connectMs: 5_000, firstByteMs: 20_000, idleMs: 10_000, totalMs: 30_000 };
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_MESSAGE = 500;
const LONGEST_WAIT_MS = 3_600_000;
/** Statuses that are about the spans. All others are about the address, the headers or a temporary problem. */
const ABOUT_THE_SPANS = new Set([400, 413, 422]);
/** 4xx statuses that can pass without a change of the request: timeout, too early, rate limit. */
const TEMPORARY = new Set([408, 425, 429]);

const Answer = z.object({
  partialSuccess: z.object({ rejectedSpans: z.coerce.number().default(0), errorMessage: z.string().default("") }),
});
const compress = promisify(gzip);
type Response = Awaited<ReturnType<Outbound["request"]>>;

type Deps = { readonly outbound: Pick<Outbound, "request">; readonly clock: Pick<Clock, "now"> };

/**
 * Sends spans as OTLP/HTTP. A rejected batch is halved until each bad span is alone; bad spans are counted as rejected. Throws
 * `NotNowError` when nothing was delivered and the spans are not the reason.
 */
export async function sendSpans(deps: Deps, target: Target, spans: readonly Span[]): Promise<Sent> {
  const answer = await post(deps.outbound, target, spans);
  if (answer.status >= 200 && answer.status < 300) {
    const { rejectedSpans, errorMessage } = readPartial(answer.body);
    const refused = Math.min(spans.length, Math.max(0, rejectedSpans));
    return { taken: spans.length - refused, refused, message: errorMessage.slice(0, MAX_MESSAGE) };
  }
  const message = explain(answer);
  if (!ABOUT_THE_SPANS.has(answer.status))
    throw new NotNowError(message, {
      waitMs: readRetryAfter(answer.headers["retry-after"], { now: deps.clock.now(), longestMs: LONGEST_WAIT_MS }),
      isRejection: answer.status < 500 && !TEMPORARY.has(answer.status),
    });
  if (spans.length === 1) return { taken: 0, refused: 1, message };
  const middle = Math.ceil(spans.length / 2);
  const first = await sendSpans(deps, target, spans.slice(0, middle));
  const second = await sendSpans(deps, target, spans.slice(middle));
  return {
    taken: first.taken + second.taken,
    refused: first.refused + second.refused,
    message: first.message || second.message,
  };
}

async function post(outbound: Deps["outbound"], { url, headers, includesContent }: Target, spans: readonly Span[]) {
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
    // A response without this field, or in protobuf, means that all spans were accepted.
    return { rejectedSpans: 0, errorMessage: "" };
  }
}

function explain({ status, headers, body }: Response): string {
  const { location } = headers;
  if (status >= 300 && status < 400)
    return `The receiver redirects to ${String(location ?? "another address").slice(0, MAX_MESSAGE)} (HTTP ${status}). Redirects are not followed. Enter the final address.`;
  const text = body.toString().trim().slice(0, MAX_MESSAGE);
  return `The receiver responded with HTTP ${status}${text === "" ? "." : `: ${text}`}`;
}
