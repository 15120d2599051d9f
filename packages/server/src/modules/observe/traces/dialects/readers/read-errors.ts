import type { Reading } from "./dialect.ts";
import type { Attributes, AttributeValue, ReceivedEvent, ReceivedSpan } from "./received-span.ts";

type Failure = Pick<Reading, "status" | "errorType" | "errorMessage">;

const EXCEPTION_EVENTS = new Set(["exception", "gen_ai.client.operation.exception"]);
/** The names of cancellation errors in different languages. */
const CANCELLATIONS = /(?:^|\.)(?:AbortError|CancelledError|CancellationError|CanceledError|APIUserAbortError)$/;

/**
 * Whether a span failed, and why: its status, `error.type` and its last exception. `isOkBelieved` is false for senders that write
 * "ok" on a span that ended with an exception.
 */
export function readFailure(span: ReceivedSpan, { isOkBelieved = true } = {}): Failure {
  const exception = span.events.findLast((event) => EXCEPTION_EVENTS.has(event.name));
  const hasFailed = span.statusCode === 2 || (!isOkBelieved && exception !== undefined);
  if (!hasFailed) return {};
  const type =
    textOf(exception?.attributes.get("exception.type")) ||
    textOf(span.attributes.get("error.type")) ||
    statusOf(span.attributes);
  return {
    status: CANCELLATIONS.test(type) ? "cancelled" : "error",
    errorType: type || "error",
    errorMessage: messageOf(span, exception),
  };
}

/** For a request that failed without an exception, the response status is the reason. */
function statusOf(attributes: Attributes): string {
  const status = attributes.get("http.response.status_code") ?? attributes.get("http.status_code");
  return typeof status === "number" ? String(status) : "";
}

const messageOf = ({ attributes, statusMessage }: ReceivedSpan, exception: ReceivedEvent | undefined): string =>
  textOf(exception?.attributes.get("exception.message")) || statusMessage || textOf(attributes.get("error.message"));

const textOf = (value: AttributeValue | undefined) => (typeof value === "string" ? value : "");
