import type { Reading } from "./dialect.ts";
import type { AttributeValue, ReceivedEvent, ReceivedSpan } from "./received-span.ts";

type Failure = Pick<Reading, "status" | "errorType" | "errorMessage">;

const EXCEPTION_EVENTS = new Set(["exception", "gen_ai.client.operation.exception"]);
/** What languages call the error of work that somebody stopped. */
const CANCELLATIONS = /(?:^|\.)(?:AbortError|CancelledError|CancellationError|CanceledError|APIUserAbortError)$/;

/**
 * Whether a span failed, and why: its status, `error.type` and its last exception. `isOkBelieved` is false for senders that write
 * "ok" on a span that ended with an exception.
 */
export function readFailure(span: ReceivedSpan, { isOkBelieved = true } = {}): Failure {
  const exception = span.events.findLast((event) => EXCEPTION_EVENTS.has(event.name));
  const hasFailed = span.statusCode === 2 || (!isOkBelieved && exception !== undefined);
  if (!hasFailed) return {};
  const type = textOf(exception?.attributes.get("exception.type")) || textOf(span.attributes.get("error.type"));
  return {
    status: CANCELLATIONS.test(type) ? "cancelled" : "error",
    errorType: type || "error",
    errorMessage: messageOf(span, exception),
  };
}

const messageOf = ({ attributes, statusMessage }: ReceivedSpan, exception: ReceivedEvent | undefined): string =>
  textOf(exception?.attributes.get("exception.message")) || statusMessage || textOf(attributes.get("error.message"));

const textOf = (value: AttributeValue | undefined) => (typeof value === "string" ? value : "");
