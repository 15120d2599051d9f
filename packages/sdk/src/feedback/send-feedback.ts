/** An end user's feedback, with the token that names the target. */
export type PublicFeedback = {
  /** Where Treadle is, such as `https://treadle.example.com`. */
  readonly baseUrl: string;
  /** From `createToken` of the application's own server. */
  readonly token: string;
  /** Of its score, such as `helpful`. */
  readonly name?: string;
  readonly value?: number | boolean | string;
  readonly comment?: string;
  /** What should have been answered: text, or anything that is JSON. */
  readonly correction?: unknown;
  readonly signal?: "copied" | "regenerated" | "edited" | "abandoned" | "resolved";
  readonly signalDetail?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly consent?: boolean;
  readonly idempotencyKey?: string;
  readonly fetch?: typeof fetch;
};

/** Why feedback was not kept; `status` is 0 when no answer came. */
export class FeedbackError extends Error {
  readonly status: number;

  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "FeedbackError";
    this.status = status;
  }
}

/** Sends feedback from a browser or any other program without a key. Resolves with its id once it is on disk. */
export async function sendFeedback({
  baseUrl,
  fetch: request = fetch,
  ...body
}: PublicFeedback): Promise<{ feedbackId: string }> {
  const response = await request(new URL("/api/v1/public/feedback", baseUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    // The request continues when the page is left, for example for the signal that a user left.
    keepalive: body.signal !== undefined,
  }).catch((cause: unknown) => {
    throw new FeedbackError(0, "The feedback could not be sent. Check your connection.", cause);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok)
    throw new FeedbackError(response.status, messageIn(answer) ?? `The server answered ${response.status}.`);
  if (typeof answer === "object" && answer !== null && "feedbackId" in answer)
    return { feedbackId: String(answer.feedbackId) };
  throw new FeedbackError(response.status, "The server’s response could not be read.");
}

function messageIn(answer: unknown): string | undefined {
  const error = typeof answer === "object" && answer !== null && "error" in answer ? answer.error : undefined;
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : undefined;
}
