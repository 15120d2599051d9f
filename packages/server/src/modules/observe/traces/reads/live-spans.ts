import type { SpanFilter, SpanSummary } from "@treadle/contract";
import { matchesFilter, treeOf } from "../filter/match-filter.ts";
import { toMicros } from "../rows/micros.ts";
import { toSummary } from "../rows/read-span.ts";
import type { SpanRow } from "../rows/span-row.ts";

/** A watcher that reads slower than spans come in loses the oldest of them. */
const MAX_QUEUED = 500;

type Watcher = { readonly filter: SpanFilter; readonly queue: SpanSummary[]; wake(): void };

/** Spans as they are recorded in this process, for those who watch. */
export function createLiveSpans() {
  const byProject = new Map<string, Set<Watcher>>();

  function join(projectId: string, watcher: Watcher): () => void {
    const watchers = byProject.get(projectId) ?? new Set();
    byProject.set(projectId, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) byProject.delete(projectId);
    };
  }

  return {
    isWatched: (projectId: string) => byProject.has(projectId),
    publish(projectId: string, row: SpanRow, startTime: string): void {
      for (const { filter, queue, wake } of byProject.get(projectId) ?? []) {
        if (!matchesFilter(row, filter)) continue;
        queue.push(toSummary(row, toMicros(startTime)));
        if (queue.length > MAX_QUEUED) queue.shift();
        wake();
      }
    },
    /** Starts at the call, ends when the signal is aborted. Throws `invalid_request` for a filter that cannot be read. */
    watch(projectId: string, filter: SpanFilter, signal: AbortSignal): AsyncIterable<SpanSummary> {
      // A filter that is wrong is the asker's fault, and must not come up when a span is recorded.
      treeOf(filter);
      let wake = () => {};
      const queue: SpanSummary[] = [];
      const leave = join(projectId, { filter, queue, wake: () => wake() });
      signal.addEventListener("abort", () => {
        leave();
        wake();
      });
      if (signal.aborted) leave();
      return {
        async *[Symbol.asyncIterator]() {
          try {
            while (!signal.aborted) {
              const next = queue.shift();
              if (next) yield next;
              else await new Promise<void>((resolve) => (wake = resolve));
            }
          } finally {
            leave();
          }
        },
      };
    },
  };
}
export type LiveSpans = ReturnType<typeof createLiveSpans>;
