import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useEffect } from "react";
import { CopyButton } from "../../components/copy-button.tsx";
import { totalsOf } from "./span-tree.ts";
import { TraceTotals, TraceView } from "./trace-view.tsx";
import { useTrace } from "./use-traces.ts";

const route = getRouteApi("/shell/traces/$traceId");

/** One trace on a page of its own, to read at length and to send to a colleague. */
export function TracePage() {
  const { traceId } = route.useParams();
  const { span } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, isPending } = useTrace(traceId);
  const name = (data && totalsOf(data.spans).root?.name) || "Trace";
  useEffect(() => {
    document.title = `${name} · Treadle`;
  }, [name]);
  return (
    <div className="flex h-full flex-col">
      <header className="border-line border-b bg-panel px-6 py-3 max-md:px-4">
        <Link to="/traces" className="inline-flex items-center gap-1 text-xs text-muted hover:text-text">
          <ArrowLeft aria-hidden size={12} /> Traces
        </Link>
        <h1 className="truncate text-xl font-semibold tracking-tight">{name}</h1>
        <div className="mt-0.5 flex flex-wrap items-center gap-x-4">
          <TraceTotals trace={data} isPending={isPending} />
          <span className="flex min-w-0 items-center gap-1 text-muted">
            <code className="truncate text-xs">{traceId}</code>
            <CopyButton text={traceId} label="Copy the trace id" />
          </span>
        </div>
      </header>
      <TraceView
        traceId={traceId}
        spanId={span}
        onSpan={(next) => void navigate({ search: (old) => ({ ...old, span: next }), replace: true })}
        isWide
      />
    </div>
  );
}
