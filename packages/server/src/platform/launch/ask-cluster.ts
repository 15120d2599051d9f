import { AppError } from "../../kernel/errors.ts";
import { type Outbound, OutboundError } from "../outbound/port.ts";
import type { Cluster } from "./port.ts";

const TIMEOUTS = { connectMs: 5_000, firstByteMs: 30_000, idleMs: 15_000, totalMs: 60_000 };
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_SAID = 500;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const LEAST_FAILURE = 400;
const LEAST_FAULT = 500;

type Question = {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Behind the cluster's address; begins with `/`. */
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
};

export type ClusterAsker = ReturnType<typeof createClusterAsker>;

/** Calls the APIs of clusters through the outbound client, and explains errors in words. */
export function createClusterAsker(outbound: Pick<Outbound, "request">) {
  /**
   * The response as text. Null for 404. Throws `unprocessable` if the cluster rejects the token or the request, and
   * `unavailable` if it does not respond or has an error.
   */
  return async function ask(
    { url, token }: Pick<Cluster<unknown>, "url" | "token">,
    question: Question,
  ): Promise<string | null> {
    const { status, text } = await send(outbound, { url, token }, question);
    if (status === NOT_FOUND) return null;
    if (status < LEAST_FAILURE) return text;
    throw refusal(new URL(url).host, { status, text, hasToken: token !== null });
  };
}

async function send(
  outbound: Pick<Outbound, "request">,
  { url, token }: Pick<Cluster<unknown>, "url" | "token">,
  { method = "GET", path, body, signal }: Question,
) {
  try {
    const answer = await outbound.request({
      method,
      url: `${url}${path}`,
      timeouts: TIMEOUTS,
      maxBytes: MOST_BYTES,
      headers: {
        accept: "application/json",
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    return { status: answer.status, text: answer.body.toString("utf8") };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    signal?.throwIfAborted();
    const code = error.kind === "refused_address" ? "unprocessable" : "unavailable";
    throw new AppError(code, { message: `The cluster cannot be reached: ${error.message}`, cause: error });
  }
}

function refusal(
  host: string,
  { status, text, hasToken }: { readonly status: number; readonly text: string; readonly hasToken: boolean },
): AppError {
  if (status === UNAUTHORIZED || status === FORBIDDEN) {
    const what = hasToken ? "rejects the token" : "requires a token";
    const advice = hasToken ? "Set a valid token in the compute target." : "Set a token in the compute target.";
    return new AppError("unprocessable", { message: `${host} ${what} (HTTP ${status}). ${advice}` });
  }
  const said = text.trim().slice(-MOST_SAID);
  const message = `${host} responded with ${status}${said === "" ? "" : `: ${said}`}`;
  return new AppError(status >= LEAST_FAULT ? "unavailable" : "unprocessable", { message });
}
