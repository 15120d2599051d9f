import type { IssueKind } from "@treadle/contract";
import type { FailedRow } from "../failures/classify-span.ts";
import type { Failure } from "../failures/failure.ts";
import type { IssuesDeps } from "../stores/deps.ts";
import type { FailureStore } from "../stores/failure-store.ts";
import type { FollowRow } from "../stores/follow-store.ts";
import { isIn, passedOn, SETTLE_MS } from "./passed-on.ts";
import { byTrace, failuresOfJudgements, failuresOfSpans } from "./to-failures.ts";

/** The kinds of failures that spans show. */
const SPAN_KINDS: readonly IssueKind[] = ["error", "tool", "refusal", "truncation", "schema", "guard"];
const BATCH = 200;
/** Scores that are inserted without the spool can be read a little after the time of their receipt. */
const SCORE_DELAY_MS = 120_000;

export type ReadBatch = {
  readonly failures: readonly Failure[];
  readonly places: Partial<FollowRow>;
  /** Whether more may be there. */
  readonly isFull: boolean;
};
type Rows = Awaited<ReturnType<typeof readRows>>;

/** The next failures of a project after its position, and the next position. */
export async function readBatch(store: FailureStore, traces: IssuesDeps["traces"], row: FollowRow): Promise<ReadBatch> {
  const beforeMs = Math.floor(traces.completeTo()) - SETTLE_MS;
  const rows = await readRows(store, row, beforeMs);
  const traceIds = [...rows.spans, ...rows.scores, ...rows.feedback].map(({ trace_id }) => trace_id);
  const owners = byTrace(await store.owners(row.projectId, traceIds));
  const spans = await withoutPassedOn(store, row.projectId, rows.spans);
  return {
    failures: [
      ...failuresOfSpans(spans, new Set(row.settings.kinds), owners),
      ...failuresOfJudgements("score", rows.scores, owners),
      ...failuresOfJudgements("feedback", rows.feedback, owners),
    ],
    places: placesAfter(row, rows, beforeMs),
    isFull: [rows.spans, rows.scores, rows.feedback].some(({ length }) => length === BATCH),
  };
}

/** An error that spans pass upward counts once. */
async function withoutPassedOn(store: FailureStore, projectId: string, rows: readonly FailedRow[]) {
  const failed = rows.filter(({ status }) => status === "error");
  const errors = await store.errors(
    projectId,
    failed.map(({ trace_id }) => trace_id),
  );
  const passed = passedOn(errors, failed);
  return rows.filter((row) => !isIn(passed, row));
}

async function readRows(store: FailureStore, row: FollowRow, beforeMs: number) {
  const { projectId, settings } = row;
  const kinds = new Set(settings.kinds);
  const reading = { projectId, beforeMs, limit: BATCH };
  const after = { receivedMs: row.placeMs, traceId: row.placeTraceId, spanId: row.placeSpanId };
  const scored = { ...reading, beforeMs: scoredTo(beforeMs) };
  return {
    spans: SPAN_KINDS.some((kind) => kinds.has(kind)) ? await store.spans(after, reading) : [],
    scores: kinds.has("score") ? await store.scores(row.scorePlace, scored, settings.scores) : [],
    feedback: kinds.has("feedback") ? await store.feedback(row.feedbackPlace, reading) : [],
  };
}

const scoredTo = (beforeMs: number) => beforeMs - SCORE_DELAY_MS;

function placesAfter(
  { placeMs, scorePlace }: FollowRow,
  { spans, scores, feedback }: Rows,
  beforeMs: number,
): Partial<FollowRow> {
  const [span, score, entry] = [spans.at(-1), scores.at(-1), feedback.at(-1)];
  return {
    ...(span && { placeMs: span.received_ms, placeTraceId: span.trace_id, placeSpanId: span.span_id }),
    // Nothing else failed up to here, so that the same spans are not read again.
    ...(spans.length < BATCH && beforeMs > placeMs && { placeMs: beforeMs, placeTraceId: "", placeSpanId: "" }),
    ...(score && { scorePlace: { at: score.place, key: score.key } }),
    // Also without thresholds, so that a new threshold counts scores from then on.
    ...(scores.length < BATCH && scoredTo(beforeMs) * 1_000 > scorePlace.at
      ? { scorePlace: { at: scoredTo(beforeMs) * 1_000, key: "" } }
      : {}),
    ...(entry && { feedbackPlace: { at: entry.place, key: entry.key } }),
  };
}
