import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useElementSize } from "../../../../components/browser/use-element-size.ts";
import { formatDuration } from "../../../../components/text/format.ts";
import { TimeRuler } from "../timeline/time-ruler.tsx";
import { useWheelZoom } from "../timeline/use-wheel-zoom.ts";
import type { ZoomState } from "../timeline/use-zoom.ts";
import type { TreeState } from "../tree/use-tree-state.ts";
import { drawFlame, LANE_HEIGHT } from "./draw-flame.ts";
import { layLanes, spanAt } from "./flame-lanes.ts";

type FlameProps = { tree: TreeState; zoom: ZoomState; hits: Int32Array; critical: Uint8Array | undefined };

/** Everything that ran, over time: a step is below its caller, and parallel steps have separate lines. */
export function FlameView({ tree, zoom, hits, critical }: FlameProps) {
  const { model, open } = tree;
  const box = useRef<HTMLElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useElementSize(box);
  const theme = useThemeMark();
  const layout = useMemo(() => layLanes(model), [model]);
  const found = useMemo(() => new Set(hits), [hits]);
  const [under, setUnder] = useState(-1);
  useWheelZoom(box, zoom.setZoom);

  const draw = useCallback(() => {
    if (!canvas.current || !box.current) return;
    drawFlame(canvas.current, {
      model,
      layout,
      zoom: zoom.zoom,
      size,
      scrollTop: box.current.scrollTop,
      open,
      under,
      isMarked: (place) => found.size === 0 || found.has(place),
      isAside: (place) => critical !== undefined && critical[place] !== 1,
    });
  }, [model, layout, zoom.zoom, size, open, under, found, critical]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, so a new theme is a new picture.
  useEffect(draw, [draw, theme]);
  useEffect(() => {
    const top = (layout.laneOf[open] ?? 0) * LANE_HEIGHT;
    const element = box.current;
    if (element && (top < element.scrollTop || top > element.scrollTop + element.clientHeight - LANE_HEIGHT))
      element.scrollTop = top - element.clientHeight / 2;
  }, [open, layout]);

  function placeAt(event: MouseEvent): number {
    const bounds = canvas.current?.getBoundingClientRect();
    if (!bounds || !box.current) return -1;
    const lane = Math.floor((event.clientY - bounds.top + box.current.scrollTop) / LANE_HEIGHT);
    const msPerPixel = ((zoom.zoom.to - zoom.zoom.from) * model.lengthMs) / bounds.width;
    const ms = zoom.zoom.from * model.lengthMs + (event.clientX - bounds.left) * msPerPixel;
    return spanAt(model, layout.lanes[lane] ?? [], { ms, giveMs: msPerPixel * 2 });
  }
  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    tree.step(by);
  }
  const told = under >= 0 ? under : open;
  return (
    <div className="flex min-h-0 grow flex-col">
      <div data-timeline className="h-6 shrink-0 border-line border-b text-xs text-muted">
        <TimeRuler lengthMs={model.lengthMs} zoom={zoom} />
      </div>
      <section
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable to be scrolled by keyboard.
        tabIndex={0}
        aria-label="Steps over time. The tree shows the same steps as a list."
        onScroll={draw}
        onKeyDown={onKeyDown}
        className="relative min-h-0 grow overflow-x-hidden overflow-y-auto focus-visible:-outline-offset-2"
      >
        <div style={{ height: layout.lanes.length * LANE_HEIGHT + 8 }}>
          <canvas
            ref={canvas}
            aria-hidden
            onMouseMove={(event) => setUnder(placeAt(event))}
            onMouseLeave={() => setUnder(-1)}
            onClick={(event) => {
              const place = placeAt(event);
              if (place >= 0) tree.show(place);
            }}
            className={`sticky top-0 block w-full ${under >= 0 ? "cursor-pointer" : ""}`}
          />
        </div>
      </section>
      <p className="num flex h-7 shrink-0 items-center gap-3 border-line border-t bg-panel px-3 text-xs text-muted">
        <span className="truncate text-text">{model.names[told]}</span>
        <span className="shrink-0">{model.kinds[told]}</span>
        <span className="shrink-0">{formatDuration(model.duration[told] ?? 0)}</span>
        <span className="shrink-0">starts at {formatDuration(model.start[told] ?? 0)}</span>
      </p>
    </div>
  );
}

/** Changes whenever the page's colours do. */
function useThemeMark(): string {
  const [mark, setMark] = useState(() => document.documentElement.dataset.theme ?? "");
  useEffect(() => {
    const watcher = new MutationObserver(() => setMark(document.documentElement.dataset.theme ?? ""));
    watcher.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => watcher.disconnect();
  }, []);
  return mark;
}
