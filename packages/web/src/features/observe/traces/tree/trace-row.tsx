import { ChevronRight } from "lucide-react";
import { memo } from "react";
import { formatCompact, formatCount, formatDuration, formatShortMoney } from "../../../../components/text/format.ts";
import type { TraceModel } from "../model/trace-model.ts";
import { KindIcon } from "../span/span-kind.tsx";
import { placeIn, type Zoom } from "../timeline/use-zoom.ts";
import { ROW_HEIGHT } from "./row-scroll.ts";

/** Deeper spans are not indented further; they say how deep they are instead. */
const DEEPEST = 12;

type RowProps = {
  domId: string;
  model: TraceModel;
  place: number;
  depth: number;
  top: number;
  isParent: boolean;
  isCollapsed: boolean;
  isOpen: boolean;
  isHit: boolean;
  /** Not on the critical path while it is shown. */
  isAside: boolean;
  zoom: Zoom;
  onOpen: (place: number) => void;
  onToggle: (place: number) => void;
};

/**
 * How the columns of the tree share its width; the head uses it too. The narrower the tree, the fewer of them are
 * shown.
 */
export const TREE_GRID =
  "grid gap-x-2 grid-cols-[minmax(0,1fr)_60px] @min-[30rem]:grid-cols-[minmax(0,1fr)_60px_minmax(0,34%)] @min-[42rem]:grid-cols-[minmax(0,1fr)_56px_48px_64px_minmax(0,30%)]";
export const FROM_MEDIUM = "hidden @min-[30rem]:block";
export const FROM_WIDE = "hidden @min-[42rem]:block";

/** One step: what it is, what it and everything below it took and cost, and its bar in the trace's time. */
export const TraceRow = memo(function TraceRow(props: RowProps) {
  const { model, place, depth, isOpen, isCollapsed, isParent, isHit } = props;
  const isFailed = model.statuses[place] === "error";
  const name = model.names[place] ?? "";
  const modelName = model.models[place] ?? "";
  const below = (model.sums.errors[place] ?? 0) - (isFailed ? 1 : 0);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree holds the focus and names this row as the active one.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the tree open and fold its rows.
    <div
      role="treeitem"
      id={props.domId}
      aria-level={depth + 1}
      aria-selected={isOpen}
      aria-expanded={isParent ? !isCollapsed : undefined}
      onClick={() => props.onOpen(place)}
      className={`${TREE_GRID} absolute inset-x-0 cursor-pointer items-center pr-3 ${isOpen ? "bg-accent-soft" : isHit ? "bg-warn-soft" : "hover:bg-raised"}`}
      style={{ height: ROW_HEIGHT, transform: `translateY(${props.top}px)` }}
    >
      <span className="flex min-w-0 items-center gap-1.5" style={{ paddingLeft: 8 + Math.min(depth, DEEPEST) * 14 }}>
        <Fold {...props} />
        {depth > DEEPEST && <span className="num shrink-0 text-xs text-muted">{depth}</span>}
        <KindIcon kind={model.kinds[place] ?? "span"} />
        <span className={`truncate ${isFailed ? "font-medium text-bad" : ""}`} title={titleOf(model, place)}>
          <bdi>{name}</bdi>
          {isFailed && <span className="sr-only"> failed</span>}
          {modelName && !name.includes(modelName) && <span className="ml-1.5 text-xs text-muted">{modelName}</span>}
        </span>
        {isCollapsed && isParent && (
          <span className="num shrink-0 rounded-full bg-raised px-1.5 text-xs text-muted">
            +{formatCompact((model.size[place] ?? 1) - 1)}
          </span>
        )}
        {isCollapsed && below > 0 && (
          <span className="num shrink-0 text-xs font-medium text-bad">{formatCount(below)} failed</span>
        )}
      </span>
      <span className="num text-right text-xs text-muted">{formatDuration(model.duration[place] ?? 0)}</span>
      <span className={`num text-right text-xs text-muted ${FROM_WIDE}`}>{tokensOf(model, place)}</span>
      <span className={`num text-right text-xs text-muted ${FROM_WIDE}`}>{costOf(model, place)}</span>
      <span aria-hidden className={`relative ml-1 h-full overflow-hidden ${FROM_MEDIUM}`}>
        <Bar {...props} />
      </span>
    </div>
  );
});

function Fold({ model, place, isParent, isCollapsed, onToggle }: RowProps) {
  if (!isParent) return <span className="w-4 shrink-0" />;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={`${isCollapsed ? "Show" : "Hide"} the steps of ${model.names[place]}`}
      onClick={(event) => {
        event.stopPropagation();
        onToggle(place);
      }}
      className="-mx-0.5 flex size-5 shrink-0 items-center justify-center rounded text-muted hover:bg-line hover:text-text"
    >
      <ChevronRight aria-hidden size={13} className={isCollapsed ? "" : "rotate-90"} />
    </button>
  );
}

function Bar({ model, place, zoom, isAside }: RowProps) {
  const duration = model.duration[place] ?? 0;
  const bar = placeIn(zoom, (model.start[place] ?? 0) / model.lengthMs, duration / model.lengthMs);
  if (!bar) return null;
  const firstToken = model.firstToken[place] ?? Number.NaN;
  const status = model.statuses[place];
  const colour = status === "error" ? "bg-bad" : status === "cancelled" ? "bg-warn" : "bg-accent";
  return (
    <span
      className={`absolute top-[10px] h-2.5 min-w-[2px] rounded-[3px] ${colour} ${isAside ? "opacity-25" : ""}`}
      style={{ left: `min(${bar.left}%, calc(100% - 2px))`, width: `${bar.width}%` }}
    >
      {firstToken > 0 && duration > 0 && (
        <span
          className="absolute inset-y-0 left-0 rounded-l-[3px] bg-panel/55"
          style={{ width: `${Math.min(100, (firstToken / duration) * 100)}%` }}
        />
      )}
    </span>
  );
}

function titleOf(model: TraceModel, place: number): string {
  const moved = model.moved[place] ?? 0;
  const notes = [
    `${model.names[place]} (${model.kinds[place]})`,
    model.isOrphan[place] === 1 && "The parent was not received.",
    moved > 0 && `Moved ${formatDuration(moved)} later because its sender's clock puts it before its parent.`,
  ];
  return notes.filter(Boolean).join("\n");
}

function tokensOf({ sums }: TraceModel, place: number): string {
  const total = (sums.inputTokens[place] ?? 0) + (sums.outputTokens[place] ?? 0);
  return total === 0 ? "" : formatCompact(total);
}

const costOf = ({ sums }: TraceModel, place: number): string =>
  (sums.priced[place] ?? 0) === 0 ? "" : formatShortMoney(sums.costUsd[place] ?? 0);
