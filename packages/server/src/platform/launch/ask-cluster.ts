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

/** Asks the APIs of clusters, through the one door to other machines, and says what is wrong in words for people. */
export function createClusterAsker(outbound: Pick<Outbound, "request">) {
  /**
   * The answer as text; null for 404. Throws `unprocessable` when the cluster refuses the token or the question, and `unavailable`
   * when it does not answer or has a fault of its own.
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
      ...{ method, url: `${url}${path}`, timeouts: TIMEOUTS, maxBytes: MOST_BYTES },
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
    const what = hasToken ? "refuses the token" : "wants a token";
    const advice = hasToken ? "Give the compute target a token that it takes." : "Give the compute target one.";
    return new AppError("unprocessable", { message: `${host} ${what} (HTTP ${status}). ${advice}` });
  }
  const said = text.trim().slice(-MOST_SAID);
  const message = `${host} answered ${status}${said === "" ? "" : `: ${said}`}`;
  return new AppError(status >= LEAST_FAULT ? "unavailable" : "unprocessable", { message });
}
