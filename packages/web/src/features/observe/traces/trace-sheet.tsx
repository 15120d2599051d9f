import { Link } from "@tanstack/react-router";
import { Maximize2, X } from "lucide-react";
import { useKeys } from "../../../components/browser/keys.ts";
import { CopyButton } from "../../../components/feedback/copy-button.tsx";
import { IconButton } from "../../../components/form/button.tsx";
import { useTrace } from "./model/use-trace.ts";
import { nameOf, TraceTotals } from "./tree/trace-parts.tsx";
import { TraceView } from "./tree/trace-view.tsx";

type SheetProps = { traceId: string; spanId: string | undefined; onSpan: (spanId: string) => void; close: () => void };

/** The open trace next to its list. j and k still move through the rows, Escape closes it. Full screen on a phone. */
export function TraceSheet({ traceId, spanId, onSpan, close }: SheetProps) {
  const { data, isPending } = useTrace(traceId);
  useKeys("Open trace", [{ keys: "Escape", label: "Close trace", run: close }]);
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
        <CopyButton text={traceId} label="Copy trace id" className="size-8!" />
        <Link
          to="/traces/$traceId"
          params={{ traceId }}
          search={{ span: spanId }}
          aria-label="Open as a full page"
          title="Open as a full page"
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
