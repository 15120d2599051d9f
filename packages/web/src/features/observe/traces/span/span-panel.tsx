import { useState } from "react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import type { TraceModel } from "../model/trace-model.ts";
import { useSpan } from "../model/use-trace.ts";
import { SpanDetail } from "./span-detail.tsx";
import { type SpanTabName, tabFor } from "./span-tabs.tsx";

/** The open span whole, loaded when it is opened. */
export function SpanPanel({ traceId, model, place }: { traceId: string; model: TraceModel; place: number }) {
  const spanId = model.ids[place];
  const span = useSpan(traceId, spanId);
  const [tab, setTab] = useState<SpanTabName>("Messages");
  if (spanId === undefined) return null;
  if (span.error && !span.isFetching && span.data?.spanId !== spanId)
    return <ErrorState error={span.error} retry={() => span.refetch()} title="This span could not be loaded" />;
  if (!span.data) return <SpanSkeleton />;
  const isOther = span.data.spanId !== spanId;
  return (
    <div aria-busy={isOther || undefined} className={`transition-opacity duration-120 ${isOther ? "opacity-60" : ""}`}>
      <SpanDetail
        key={span.data.spanId}
        span={span.data}
        tab={tabFor(span.data, tab)}
        setTab={setTab}
        movedMs={isOther ? 0 : (model.moved[place] ?? 0)}
      />
    </div>
  );
}

function SpanSkeleton() {
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
