import { ErrorState, Skeleton } from "../../components/states.tsx";
import { SpanDetail } from "./span-detail.tsx";
import { useSpan } from "./use-trace.ts";

/** The open span whole, loaded when it is opened. */
export function SpanPanel({ traceId, spanId }: { traceId: string; spanId: string | undefined }) {
  const span = useSpan(traceId, spanId);
  if (spanId === undefined) return null;
  if (span.error && !span.isFetching && span.data?.spanId !== spanId)
    return <ErrorState error={span.error} retry={() => span.refetch()} title="This span could not be loaded" />;
  if (!span.data) return <SpanSkeleton />;
  const isOther = span.data.spanId !== spanId;
  return (
    <div aria-busy={isOther || undefined} className={`transition-opacity duration-120 ${isOther ? "opacity-60" : ""}`}>
      <SpanDetail key={span.data.spanId} span={span.data} />
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
