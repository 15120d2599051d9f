import type { Span } from "@treadle/contract";
import { toRow, toStored } from "../../rows/span-row.ts";
import type { Digest, Order, WatchedSpan } from "./decode-request.ts";
import { redactorOf } from "./redactors.ts";
import { EMPTY_REPORT } from "./rejection-report.ts";
import { createRowLines } from "./row-lines.ts";

/** Spans of the contract as rows, redacted: calls of the gateway, and spans of the API. They were checked before. */
export function digestOwnSpans({ projectId, bytes, isWatched, privacy }: Order): Omit<Digest, "marks"> {
  const spans: readonly Span[] = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  const redactor = privacy === null ? null : redactorOf(privacy);
  const lines = createRowLines("spans", bytes.byteLength);
  const watched: WatchedSpan[] = [];
  for (const [index, span] of spans.entries()) {
    const redacted = redactor ? redactor.span(span) : span;
    const row = toRow(projectId, redacted, false);
    lines.add(JSON.stringify(toStored(row)));
    if (isWatched) watched.push({ row, startTime: span.startTime, index });
  }
  return { encoded: lines.finish(), objects: [], watched, received: spans.length, repeated: 0, told: EMPTY_REPORT };
}
