import { useMemo } from "react";
import { ErrorState } from "../../../../components/feedback/states.tsx";
import type { Kind } from "../model/span-columns.ts";
import { type LoadedTrace, useTrace } from "../model/use-trace.ts";
import { SpanPanel } from "../span/span-panel.tsx";
import { useZoom } from "../timeline/use-zoom.ts";
import { ROW_HEIGHT } from "./row-scroll.ts";
import { TraceNotes, TraceSkeleton } from "./trace-parts.tsx";
import { TraceTree } from "./trace-tree.tsx";
import { useTreeState } from "./use-tree-state.ts";

type ViewProps = { traceId: string; spanId: string | undefined; onSpan: (spanId: string) => void };

const NOTHING_HIDDEN: ReadonlySet<Kind> = new Set();
const NO_HITS = new Int32Array(0);

/** A trace next to its list: the tree above, the open span below. */
export function TraceView({ traceId, spanId, onSpan }: ViewProps) {
  const trace = useTrace(traceId);
  if (trace.error && !trace.data)
    return <ErrorState error={trace.error} retry={() => trace.refetch()} title="This trace could not be loaded" />;
  const isOther = trace.data !== undefined && trace.data.traceId !== traceId;
  if (!trace.data || (isOther && trace.failureCount > 0)) return <TraceSkeleton />;
  return (
    <div
      aria-busy={trace.isFetching || undefined}
      className={`flex min-h-0 grow flex-col ${isOther ? "opacity-60" : ""}`}
    >
      <TreeAndSpan trace={trace.data} spanId={spanId} onSpan={onSpan} />
    </div>
  );
}

function TreeAndSpan({ trace, spanId, onSpan }: Omit<ViewProps, "traceId"> & { trace: LoadedTrace }) {
  const { model } = trace;
  const tree = useTreeState({ model, spanId, hidden: NOTHING_HIDDEN, onSpan });
  const zoom = useZoom(trace.traceId);
  const height = useMemo(() => tree.rows.places.length * ROW_HEIGHT + 30, [tree.rows]);
  return (
    <>
      <TraceNotes trace={trace} />
      {/* A single call has no tree worth its room. */}
      {model.count > 1 && (
        <div className="flex max-h-[38%] shrink-0 flex-col border-line border-b" style={{ height }}>
          <TraceTree tree={tree} zoom={zoom} hits={NO_HITS} critical={undefined} />
        </div>
      )}
      <div className="min-h-0 min-w-0 grow overflow-y-auto">
        <SpanPanel traceId={trace.traceId} model={model} place={tree.open} />
      </div>
    </>
  );
}
