import type { ReceivedScore } from "../../dialects/readers/dialect.ts";
import { toScoreRow } from "../../rows/content-rows.ts";
import { fromMicros } from "../../rows/micros.ts";

type Judged = { readonly traceId: string; readonly spanId: string; readonly startMicros: number };

/** Judgements of a span as rows of the table `scores`. */
export const scoreRows = (
  { traceId, spanId, startMicros }: Judged,
  { projectId, given }: { projectId: string; given: readonly ReceivedScore[] },
) =>
  given.map(({ name, value, label, comment }) =>
    toScoreRow(projectId, {
      traceId,
      spanId,
      name: name.slice(0, 200),
      value,
      label: label.slice(0, 200),
      comment: comment.slice(0, 10_000),
      source: "otel",
      time: fromMicros(startMicros),
    }),
  );
