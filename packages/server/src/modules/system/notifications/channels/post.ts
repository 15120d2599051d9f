import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { readRetryAfter } from "../../../../kernel/retry-after.ts";
import { OutboundError } from "../../../../platform/outbound/port.ts";
import type { Means, Outcome } from "./channel.ts";

/** All of a request takes at most 15 seconds. */
const TIMEOUTS = { connectMs: 5_000, firstByteMs: 15_000, idleMs: 10_000, totalMs: 15_000 };
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_MESSAGE = 500;
const LONGEST_WAIT_MS = DAY_MS;
/** The receiver is busy, and may say for how long. */
const BUSY = new Set([429, 502, 503, 504]);
const GONE = 410;

type Post = {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Statuses that say that the receiver will never take this message. */
  readonly rejections?: readonly number[];
};

/** Sends a message as JSON. Only 2xx counts as delivered, and redirects are not followed. */
export async function post({ outbound, now }: Means, { url, headers, body, rejections = [] }: Post): Promise<Outcome> {
  try {
    const answer = await outbound.request({
      method: "POST",
      url,
      headers: { ...headers, "content-type": "application/json", "user-agent": "Treadle" },
      body,
      timeouts: TIMEOUTS,
      maxBytes: MAX_ANSWER_BYTES,
    });
    const message = explain(answer);
    const { status } = answer;
    if (status >= 200 && status < 300) return { kind: "delivered", message };
    if (status === GONE) return { kind: "gone", message };
    if (rejections.includes(status)) return { kind: "rejected", message };
    const header = BUSY.has(status) ? answer.headers["retry-after"] : undefined;
    return { kind: "retry", message, waitMs: readRetryAfter(header, { now: now(), longestMs: LONGEST_WAIT_MS }) };
  } catch (error) {
    if (!(error instanceof OutboundError || error instanceof AppError)) throw error;
    return { kind: "retry", message: error.message, waitMs: 0 };
  }
}

type Answer = Awaited<ReturnType<Means["outbound"]["request"]>>;

function explain({ status, headers, body }: Answer): string {
  if (status >= 300 && status < 400) {
    const location = String(headers.location ?? "another address").slice(0, MAX_MESSAGE);
    return `The receiver redirects to ${location} (HTTP ${status}). Redirects are not followed. Enter the final address.`;
  }
  const text = body.toString().trim().slice(0, MAX_MESSAGE);
  return `The receiver answered HTTP ${status}${text === "" ? "." : `: ${text}`}`;
}
