import type { Feedback, FeedbackValue, ScoreConfig } from "@treadle/contract";
import type { z } from "zod";
import type { FeedbackRow } from "./stores/feedback-store.ts";
import type { ScoreConfigRow } from "./stores/score-config-store.ts";

type Shown = {
  /** The caller. */
  readonly actor: string;
  readonly names: ReadonlyMap<string, string>;
  /** The traces that have been recorded. */
  readonly recorded: ReadonlySet<string>;
};

export function toFeedback(row: FeedbackRow, { actor, names, recorded }: Shown): Feedback {
  return {
    feedbackId: row.feedback_id,
    target: {
      traceId: row.trace_id,
      spanId: row.span_id,
      sessionId: row.session_id,
      responseId: row.response_id,
    },
    isWaiting: row.session_id === "" && !recorded.has(row.trace_id),
    name: row.name,
    value: heldValue(row),
    number: row.value,
    comment: row.comment,
    correction: read(row.correction),
    expectedOutput: read(row.expected_output),
    signal: row.signal === "" ? null : row.signal,
    signalDetail: read(row.signal_detail),
    userId: row.user_id,
    givenBy: row.source === "widget" ? "" : (names.get(row.given_by) ?? row.given_by),
    isMine: row.source !== "widget" && row.given_by === actor,
    source: row.source,
    metadata: row.metadata === "" ? {} : JSON.parse(row.metadata),
    consent: row.consent,
    time: new Date(row.micros / 1_000).toISOString(),
    receivedAt: new Date(row.version / 1_000).toISOString(),
  };
}

function heldValue({ kind, value, label }: FeedbackRow): z.output<typeof FeedbackValue> {
  if (kind === "boolean") return value === null ? null : value !== 0;
  if (kind === "number") return value;
  return label === "" ? null : label;
}

const read = (text: string): unknown => (text === "" ? null : JSON.parse(text));

export const toScoreConfig = (row: ScoreConfigRow, names: ReadonlyMap<string, string>): ScoreConfig => ({
  scoreConfigId: row.id,
  name: row.name,
  type: row.type,
  description: row.description,
  min: row.min,
  max: row.max,
  categories: row.categories,
  isHigherBetter: row.isHigherBetter,
  isArchived: row.isArchived,
  createdBy: names.get(row.createdBy) ?? row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
