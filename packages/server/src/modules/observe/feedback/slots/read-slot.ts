import { z } from "zod";
import type { FeedbackRow } from "../stores/feedback-store.ts";
import type { SlotFacts } from "./feedback-row.ts";

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

/** The slot of a stored row. */
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

const orEmpty = z.string().default("");
const SlotLine = z.object({
  project_id: z.string(),
  time: z.number(),
  feedback_id: z.string(),
  slot: z.string(),
  name: z.string(),
  trace_id: orEmpty,
  span_id: orEmpty,
  session_id: orEmpty,
  response_id: orEmpty,
  user_id: orEmpty,
  given_by: z.string(),
  source: z.string(),
});

/** The same of a row as it went into the spool, a line of JSON with its time in microseconds. */
export function readSlotLine(line: string): { readonly projectId: string; readonly facts: SlotFacts } {
  const row = SlotLine.parse(JSON.parse(line));
  return { projectId: row.project_id, facts: factsOf({ ...row, micros: row.time }) };
}
