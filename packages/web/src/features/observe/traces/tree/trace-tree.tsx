import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef } from "react";
import { TimeRuler } from "../timeline/time-ruler.tsx";
import { useWheelZoom } from "../timeline/use-wheel-zoom.ts";
import type { ZoomState } from "../timeline/use-zoom.ts";
import { bringIntoSight, ROW_HEIGHT } from "./row-scroll.ts";
import { FROM_MEDIUM, FROM_WIDE, TREE_GRID, TraceRow } from "./trace-row.tsx";
import type { TreeState } from "./use-tree-state.ts";

type TreeProps = {
  tree: TreeState;
  zoom: ZoomState;
  /** Spans that a search found. */
  hits: Int32Array;
  /** Spans that the end of the trace waited for, while they are shown. */
  critical: Uint8Array | undefined;
  /** Goes from the row to what it holds. */
  onEnter?: () => void;
};

/** The steps of a trace under what called them, each with its bar in time. Only the rows in sight are drawn, however many there are. */
export function TraceTree({ tree, zoom, hits, critical, onEnter }: TreeProps) {
  const { model, rows, open, openRow, collapsed } = tree;
  const box = useRef<HTMLDivElement>(null);
  const baseId = useId();
  const found = useMemo(() => new Set(hits), [hits]);
  const virtual = useVirtualizer({
    count: rows.places.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another trace has other rows, also where the same one is open.
  useEffect(() => {
    if (box.current && openRow >= 0) bringIntoSight(box.current, openRow);
  }, [openRow, model]);
  useWheelZoom(box, zoom.setZoom);

  // Rows are remembered while they scroll, so what they call must stay the same function.
  const latest = useRef(tree);
  latest.current = tree;
  const show = useCallback((place: number) => latest.current.show(place), []);
  const toggle = useCallback((place: number) => latest.current.toggle(place), []);

  function onKeyDown(event: KeyboardEvent) {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 400) / ROW_HEIGHT) - 2);
    const move = event.key === "Enter" ? onEnter : moveFor(event.key, tree, page);
    if (!move) return;
    event.preventDefault();
    move();
  }
  const items = virtual.getVirtualItems();
  const isDrawn = items.some(({ index }) => index === openRow);
  return (
    <div className="@container flex min-h-0 grow flex-col">
      <div className={`${TREE_GRID} h-7 shrink-0 items-center border-line border-b pr-3 text-xs text-muted`}>
        <span className="pl-3">Step</span>
        <span className="text-right">Duration</span>
        <span className={`text-right ${FROM_WIDE}`}>Tokens</span>
        <span className={`text-right ${FROM_WIDE}`}>Cost</span>
        <span data-timeline className={`ml-1 h-full min-w-0 ${FROM_MEDIUM}`}>
          <TimeRuler lengthMs={model.lengthMs} zoom={zoom} />
        </span>
      </div>
      <div
        ref={box}
        role="tree"
        tabIndex={0}
        aria-label="Spans"
        aria-activedescendant={isDrawn ? `${baseId}-${openRow}` : undefined}
        onKeyDown={onKeyDown}
        className="min-h-0 grow overflow-x-hidden overflow-y-auto focus-visible:-outline-offset-2"
      >
        {/* biome-ignore lint/a11y/useSemanticElements: a box that rows are placed in, not a group of controls. */}
        <div role="group" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const place = rows.places[index] ?? 0;
            return (
              <TraceRow
                key={place}
                domId={`${baseId}-${index}`}
                model={model}
                place={place}
                depth={rows.depths[index] ?? 0}
                top={start}
                isParent={rows.isParent[index] === 1}
                isCollapsed={collapsed[place] === 1}
                isOpen={place === open}
                isHit={found.has(place)}
                isAside={critical !== undefined && critical[place] !== 1}
                zoom={zoom.zoom}
                onOpen={show}
                onToggle={toggle}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The action of a key in the tree. Undefined for a key without one. `page` is the number of visible rows. */
function moveFor(key: string, tree: TreeState, page: number): (() => void) | undefined {
  switch (key) {
    case "ArrowDown":
      return () => tree.step(1);
    case "ArrowUp":
      return () => tree.step(-1);
    case "ArrowRight":
      return tree.unfoldOrEnter;
    case "ArrowLeft":
      return tree.foldOrLeave;
    case "PageDown":
      return () => tree.step(page);
    case "PageUp":
      return () => tree.step(-page);
    case "Home":
      return () => tree.step(Number.NEGATIVE_INFINITY);
    case "End":
      return () => tree.step(Number.POSITIVE_INFINITY);
    default:
      return undefined;
  }
}
