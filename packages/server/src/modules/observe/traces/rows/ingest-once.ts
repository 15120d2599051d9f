import type { Span } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { createDedupeSet } from "./dedupe-set.ts";

type Deps = {
  /** Resolves once the spans are on disk. */
  readonly append: (projectId: string, spans: readonly Span[]) => Promise<void>;
  readonly clock: Clock;
};

/**
 * Appends spans that did not come before: a caller that got no answer sends its spans again, and charts count what is stored. Its
 * memory holds at least ten minutes and half a million spans of this process.
 */
export function createIngestOnce({ append: appendSpans, clock }: Deps) {
  const dedupe = createDedupeSet();
  const running = new Set<Promise<void>>();

  async function append(projectId: string, spans: readonly Span[], marks: Uint32Array): Promise<void> {
    if (spans.length === 0) return;
    try {
      await appendSpans(projectId, spans);
    } catch (error) {
      dedupe.forget(marks);
      throw error;
    }
  }

  /** Resolves with the new spans once all of the given ones are on disk. */
  return async function ingestOnce(projectId: string, spans: readonly Span[]): Promise<readonly Span[]> {
    dedupe.turn(clock.now());
    const fresh = spans.filter(({ traceId, spanId }) => dedupe.isFirst(`${projectId} ${traceId}${spanId}`));
    // The first copy may be on its way, and fail: then this caller has to send its copy again.
    const earlier = fresh.length < spans.length ? [...running] : [];
    const appending = append(projectId, fresh, dedupe.takeMarks());
    running.add(appending);
    try {
      await Promise.all([appending, ...earlier]);
    } finally {
      running.delete(appending);
    }
    return fresh;
  };
}
