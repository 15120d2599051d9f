import type { SlotFacts } from "./feedback-row.ts";
import type { FeedbackRow } from "./feedback-store.ts";

type Stored = Pick<
  FeedbackRow,
  | "feedback_id"
  | "slot"
  | "name"
  | "trace_id"
  | "span_id"
  | "session_id"
  | "response_id"
  | "user_id"
  | "given_by"
  | "source"
  | "micros"
>;

/** What a stored row says of the slot it stands in. */
export const factsOf = (row: Omit<Stored, "source"> & { readonly source: string }): SlotFacts => ({
  feedbackId: row.feedback_id,
  slot: row.slot,
  name: row.name,
  traceId: row.trace_id,
  spanId: row.span_id,
  sessionId: row.session_id,
  responseId: row.response_id,
  userId: row.user_id,
  givenBy: row.given_by,
  source: row.source,
  timeMicros: row.micros,
});
