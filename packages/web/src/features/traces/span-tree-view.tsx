import { ChevronRight } from "lucide-react";
import { type KeyboardEvent, useMemo, useState } from "react";
import { formatDuration } from "../../components/format.ts";
import { KindIcon } from "./span-kind.tsx";
import { type TreeRow, treeOf } from "./span-tree.ts";
import type { Span } from "./use-traces.ts";

type TreeProps = { spans: readonly Span[]; openId: string | undefined; onOpen: (spanId: string) => void };

/** The steps of a trace, indented under what called them, each with its bar on the trace's time line. Up and down move. */
export function SpanTree({ spans, openId, onOpen }: TreeProps) {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => treeOf(spans, collapsed), [spans, collapsed]);
  function toggle(spanId: string) {
    const next = new Set(collapsed);
    if (!next.delete(spanId)) next.add(spanId);
    setCollapsed(next);
  }
  function onKeyDown(event: KeyboardEvent<HTMLUListElement>) {
    const index = rows.findIndex(({ span }) => span.spanId === openId);
    const row = rows[index];
    const isClosed = row !== undefined && collapsed.has(row.span.spanId);
    const to = event.key === "ArrowDown" ? index + 1 : event.key === "ArrowUp" ? index - 1 : undefined;
    if (to !== undefined && rows[to]) {
      onOpen(rows[to].span.spanId);
      event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")[to]?.focus();
    } else if (row && row.childCount > 0 && event.key === (isClosed ? "ArrowRight" : "ArrowLeft"))
      toggle(row.span.spanId);
    else return;
    event.preventDefault();
  }
  return (
    <ul aria-label="Spans" onKeyDown={onKeyDown} className="py-1">
      {rows.map((row) => (
        <TreeItem
          key={row.span.spanId}
          row={row}
          isOpen={row.span.spanId === openId}
          isCollapsed={collapsed.has(row.span.spanId)}
          onOpen={() => onOpen(row.span.spanId)}
          onToggle={() => toggle(row.span.spanId)}
        />
      ))}
    </ul>
  );
}

type ItemProps = { row: TreeRow; isOpen: boolean; isCollapsed: boolean; onOpen: () => void; onToggle: () => void };

function TreeItem({ row, isOpen, isCollapsed, onOpen, onToggle }: ItemProps) {
  const { span, depth, childCount, start, width } = row;
  const isFailed = span.status === "error";
  const model = span.responseModel || span.requestModel;
  return (
    <li className={`flex h-7.5 items-center ${isOpen ? "bg-accent-soft" : "hover:bg-raised"}`}>
      <span className="flex shrink-0 items-center justify-end" style={{ width: 20 + Math.min(depth, 12) * 16 }}>
        {childCount > 0 && (
          <button
            type="button"
            aria-expanded={!isCollapsed}
            aria-label={`${isCollapsed ? "Show" : "Hide"} the steps of ${span.name}`}
            onClick={onToggle}
            className="flex size-5 items-center justify-center rounded text-muted hover:text-text"
          >
            <ChevronRight aria-hidden size={13} className={isCollapsed ? "" : "rotate-90"} />
          </button>
        )}
      </span>
      <button
        type="button"
        data-row
        aria-current={isOpen || undefined}
        onClick={onOpen}
        className="flex h-full min-w-0 grow items-center gap-2 pr-3 text-left focus-visible:-outline-offset-2"
      >
        <KindIcon kind={span.kind} />
        <span
          className={`min-w-0 truncate ${isFailed ? "font-medium text-bad" : ""}`}
          title={`${span.name} (${span.kind})`}
        >
          {span.name}
          {isFailed && <span className="sr-only"> failed</span>}
          {model && !span.name.includes(model) && (
            <span className="ml-1.5 text-xs text-muted max-md:hidden">{model}</span>
          )}
        </span>
        <span className="num ml-auto w-16 shrink-0 text-right text-xs text-muted">
          {formatDuration(span.durationMs)}
        </span>
        <span aria-hidden className="relative h-2 w-44 shrink-0 rounded-full bg-raised max-md:hidden">
          <span
            className={`absolute inset-y-0 min-w-[3px] rounded-full ${isFailed ? "bg-bad" : "bg-accent"}`}
            style={{ left: `${Math.min(99, start * 100)}%`, width: `${Math.min(100 - start * 100, width * 100)}%` }}
          >
            {span.timeToFirstTokenMs !== null && span.durationMs > 0 && (
              <span
                className="absolute inset-y-0 left-0 rounded-l-full bg-panel/55"
                style={{ width: `${Math.min(100, (span.timeToFirstTokenMs / span.durationMs) * 100)}%` }}
              />
            )}
          </span>
        </span>
      </button>
    </li>
  );
}
