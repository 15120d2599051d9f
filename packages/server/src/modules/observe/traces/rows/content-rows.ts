import type { Score, SpanContent } from "@treadle/contract";
import { toMicros } from "./micros.ts";

/** A score as a row of the table `scores`. Its time is a whole number of what the column counts in, microseconds. */
export const toScoreRow = (projectId: string, score: Score) => ({
  project_id: projectId,
  time: toMicros(score.time),
  trace_id: score.traceId,
  span_id: score.spanId,
  name: score.name.toWellFormed(),
  value: score.value,
  label: score.label.toWellFormed(),
  comment: score.comment.toWellFormed(),
  source: score.source.toWellFormed(),
  received_at: Date.now(),
});

/** Content of a span from a log record, as a row of the table `span_contents`. */
export const toContentRow = (projectId: string, content: SpanContent & { traceId: string; spanId: string }) => ({
  project_id: projectId,
  time: toMicros(content.time),
  trace_id: content.traceId,
  span_id: content.spanId,
  name: content.name.toWellFormed(),
  body: JSON.stringify(content.body ?? null),
  attributes: JSON.stringify(content.attributes),
});
