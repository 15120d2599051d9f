import { formatCount, formatDuration, formatMoney } from "../../components/format.ts";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { SpanDetail } from "./span-detail.tsx";
import { firstToRead, totalsOf } from "./span-tree.ts";
import { SpanTree } from "./span-tree-view.tsx";
import { type Trace, useTrace } from "./use-traces.ts";

type ViewProps = { traceId: string; spanId: string | undefined; onSpan: (spanId: string) => void; isWide?: boolean };

/** A trace with its tree and the span that is open: one above the other in the sheet, side by side on a page of its own. */
export function TraceView({ traceId, spanId, onSpan, isWide = false }: ViewProps) {
  const trace = useTrace(traceId);
  if (trace.error && !trace.data)
    return <ErrorState error={trace.error} retry={() => trace.refetch()} title="This trace could not be loaded" />;
  const isOther = trace.data && trace.data.traceId !== traceId && trace.isPlaceholderData;
  if (!trace.data || (isOther && trace.failureCount > 0)) return <TraceSkeleton />;
  const { spans } = trace.data;
  const open = spans.find((span) => span.spanId === spanId) ?? firstToRead(spans);
  // A single call has no tree worth its room.
  const tree = spans.length > 1 && (
    <div
      className={
        isWide
          ? "min-w-0 shrink-0 overflow-y-auto border-line border-r max-lg:max-h-72 max-lg:shrink-0 max-lg:border-r-0 max-lg:border-b lg:w-[44%]"
          : "max-h-[38%] shrink-0 overflow-y-auto border-line border-b"
      }
    >
      <SpanTree spans={spans} openId={open?.spanId} onOpen={onSpan} />
    </div>
  );
  return (
    <div
      aria-busy={trace.isFetching || undefined}
      className={`flex min-h-0 grow flex-col ${isWide ? "lg:flex-row" : ""} ${isOther ? "opacity-60" : ""}`}
    >
      {tree}
      <div className="min-h-0 min-w-0 grow overflow-y-auto">{open && <SpanDetail key={open.spanId} span={open} />}</div>
    </div>
  );
}

/** The trace in one line. */
export function TraceTotals({ trace, isPending }: { trace: Trace | undefined; isPending: boolean }) {
  if (!trace) return isPending ? <Skeleton className="h-4 w-64" /> : null;
  const totals = totalsOf(trace.spans);
  return (
    <p className="num flex flex-wrap gap-x-3 text-muted">
      <span>{formatDuration(totals.durationMs)}</span>
      <span>
        {formatCount(trace.spans.length)} {trace.spans.length === 1 ? "span" : "spans"}
      </span>
      {totals.errorCount > 0 && <span className="font-medium text-bad">{totals.errorCount} failed</span>}
      <span>
        {formatCount(totals.inputTokens)} → {formatCount(totals.outputTokens)} tokens
      </span>
      <span>{totals.costUsd === null ? "no price known" : formatMoney(totals.costUsd)}</span>
    </p>
  );
}

function TraceSkeleton() {
  return (
    <div aria-busy className="flex flex-col gap-3 p-4">
      <Skeleton className="h-5 w-1/2" />
      <Skeleton className="h-4 w-1/3" />
      <Skeleton className="mt-2 h-10 w-full" />
      <Skeleton className="h-40 w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}
