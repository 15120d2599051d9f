import { Link } from "@tanstack/react-router";
import { Maximize2, X } from "lucide-react";
import { IconButton } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { useKeys } from "../../components/keys.ts";
import { nameOf, TraceTotals } from "./trace-parts.tsx";
import { TraceView } from "./trace-view.tsx";
import { useTrace } from "./use-trace.ts";

type SheetProps = { traceId: string; spanId: string | undefined; onSpan: (spanId: string) => void; close: () => void };

/** The open trace beside its list, which stays in use: j and k go on through the rows, Escape closes. A whole screen on a phone. */
export function TraceSheet({ traceId, spanId, onSpan, close }: SheetProps) {
  const { data, isPending } = useTrace(traceId);
  useKeys("Open trace", [{ keys: "Escape", label: "Close the trace", run: close }]);
  return (
    <aside
      aria-label="Open trace"
      className="flex h-full w-[min(720px,56%)] shrink-0 animate-[sheet-in_150ms_ease-out] flex-col border-line border-l bg-bg max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:w-[min(720px,100%)] max-lg:shadow-2xl max-lg:shadow-scrim/30"
    >
      <header className="flex items-start gap-1 border-line border-b bg-panel py-2.5 pr-2 pl-4">
        <div className="min-w-0 grow">
          <h2 dir="auto" className="truncate text-left font-semibold">
            {data ? nameOf(data) : "Trace"}
          </h2>
          <TraceTotals trace={data} isPending={isPending} />
        </div>
        <CopyButton text={traceId} label="Copy the trace id" className="size-8!" />
        <Link
          to="/traces/$traceId"
          params={{ traceId }}
          search={{ span: spanId }}
          aria-label="Open on a page of its own"
          title="Open on a page of its own"
          className="flex size-8 shrink-0 items-center justify-center rounded-control text-muted hover:bg-raised hover:text-text"
        >
          <Maximize2 size={14} />
        </Link>
        <IconButton label="Close (Esc)" onClick={close}>
          <X size={16} />
        </IconButton>
      </header>
      <TraceView traceId={traceId} spanId={spanId} onSpan={onSpan} />
    </aside>
  );
}
