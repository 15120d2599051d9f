import { type PointerEvent, useEffect, useMemo, useRef, useState, type WheelEvent } from "react";
import { useMedia } from "../../../../components/browser/media.ts";
import { useElementSize } from "../../../../components/browser/use-element-size.ts";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { isInside, type Point, toScreen, type View, wholeView, zoomed } from "./map-points.ts";
import type { DatasetMap } from "./use-maps.ts";

type CanvasProps = {
  map: DatasetMap;
  /** The colour number of each point, or -1 for none. */
  numbers: Int8Array;
  /** The indexes of the selected points; empty for none. */
  selected: ReadonlySet<number>;
  onSelect: (places: readonly number[]) => void;
  onOpen: (itemId: string) => void;
};
const NEAR = 9;

/** The points of a map. Drag to select, click to open an item, use the wheel to zoom. */
export function MapCanvas({ map, numbers, selected, onSelect, onOpen }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useElementSize(box);
  const whole = useMemo(() => wholeView(map.points), [map]);
  const [view, setView] = useState<View>(whole);
  const [line, setLine] = useState<readonly Point[]>([]);
  const [hovered, setHovered] = useState<number>();
  const isDark = useMedia("(prefers-color-scheme: dark)");
  const place = toScreen(view, size);
  // biome-ignore lint/correctness/useExhaustiveDependencies: redraws on a theme change, which is read from the page.
  useEffect(() => {
    if (canvas.current && size.width > 0) draw(canvas.current, { map, numbers, selected, place, size });
  }, [map, numbers, selected, view, size.width, size.height, isDark]);
  const at = (event: { clientX: number; clientY: number }): Point => {
    const bounds = box.current?.getBoundingClientRect();
    return [event.clientX - (bounds?.left ?? 0), event.clientY - (bounds?.top ?? 0)];
  };
  function nearest([x, y]: Point): number | undefined {
    let best: number | undefined;
    let least = NEAR * NEAR;
    for (let index = 0; index < map.points.x.length; index += 1) {
      const [left, top] = place(map.points.x[index] ?? 0, map.points.y[index] ?? 0);
      const distance = (left - x) ** 2 + (top - y) ** 2;
      if (distance < least) [best, least] = [index, distance];
    }
    return best;
  }
  function onPointerMove(event: PointerEvent<HTMLDivElement>) {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) setLine([...line, at(event)]);
    else setHovered(nearest(at(event)));
  }
  function onPointerUp(event: PointerEvent<HTMLDivElement>) {
    const drawn = line;
    setLine([]);
    if (drawn.length < 4) {
      const hit = nearest(at(event));
      const id = hit === undefined ? undefined : map.points.itemIds[hit];
      return id === undefined ? onSelect([]) : onOpen(id);
    }
    const inside: number[] = [];
    for (let index = 0; index < map.points.x.length; index += 1)
      if (isInside(place(map.points.x[index] ?? 0, map.points.y[index] ?? 0), drawn)) inside.push(index);
    onSelect(inside);
  }
  function onWheel(event: WheelEvent) {
    const [x, y] = at(event);
    setView(zoomed(view, event.deltaY > 0 ? 1.15 : 1 / 1.15, [x / size.width, y / size.height]));
  }
  const text = hovered === undefined ? undefined : map.points.texts[hovered];
  const [left, top] = hovered === undefined ? [0, 0] : place(map.points.x[hovered] ?? 0, map.points.y[hovered] ?? 0);
  return (
    <div className="relative min-h-0 grow overflow-hidden rounded-card border border-line bg-panel">
      <div
        ref={box}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setLine([at(event)]);
          setHovered(undefined);
        }}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => setHovered(undefined)}
        onWheel={onWheel}
        className="absolute inset-0 cursor-crosshair touch-none"
      >
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Map of ${formatNumberOf(map.points.itemIds.length, "item")}. The clusters next to it describe its content`}
          style={{ width: size.width, height: size.height }}
        />
        {line.length > 1 && (
          <svg aria-hidden className="pointer-events-none absolute inset-0 size-full">
            <polygon
              points={line.map(([x, y]) => `${x},${y}`).join(" ")}
              className="fill-accent/10 stroke-accent"
              strokeDasharray="4 3"
            />
          </svg>
        )}
        <Names map={map} place={place} size={size} />
      </div>
      {text !== undefined && line.length === 0 && (
        <div
          className="card pointer-events-none absolute z-10 max-w-80 px-2 py-1 text-xs shadow-lg shadow-scrim/20"
          style={{
            left: Math.min(left + 10, Math.max(0, size.width - 320)),
            top: Math.min(top + 10, size.height - 60),
          }}
        >
          <span dir="auto" className="line-clamp-3">
            {text || "(empty)"}
          </span>
        </div>
      )}
      {view !== whole && (
        <button
          type="button"
          onClick={() => setView(whole)}
          className="absolute right-2 bottom-2 rounded-control border border-line-strong bg-panel px-2 py-0.5 text-xs hover:bg-raised"
        >
          Zoom to fit
        </button>
      )}
    </div>
  );
}

type NamesProps = {
  map: DatasetMap;
  place: (x: number, y: number) => Point;
  size: { width: number; height: number };
};

/** The names of the largest clusters at their centres, without overlaps. */
function Names({ map, place, size }: NamesProps) {
  const taken: Point[] = [];
  const shown = [...map.clusters]
    .sort((a, b) => b.rows - a.rows)
    .flatMap(({ name, x, y }) => {
      const [left, top] = place(x, y);
      const isOut = left < 40 || left > size.width - 40 || top < 12 || top > size.height - 12;
      if (isOut || taken.some(([a, b]) => Math.abs(a - left) < 110 && Math.abs(b - top) < 18)) return [];
      taken.push([left, top]);
      return [{ name, left, top }];
    });
  return shown.map(({ name, left, top }) => (
    <span
      key={`${name} ${left}`}
      aria-hidden
      className="pointer-events-none absolute max-w-36 -translate-1/2 truncate rounded bg-panel/85 px-1 text-xs font-medium"
      style={{ left, top }}
    >
      {name}
    </span>
  ));
}

type Drawing = Pick<CanvasProps, "map" | "numbers" | "selected"> & NamesProps;

function draw(canvas: HTMLCanvasElement, { map, numbers, selected, place, size }: Drawing) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = size.width * ratio;
  canvas.height = size.height * ratio;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.scale(ratio, ratio);
  const style = getComputedStyle(document.documentElement);
  const colours = [1, 2, 3, 4, 5, 6].map((number) => style.getPropertyValue(`--series-${number}`));
  const faint = style.getPropertyValue("--faint");
  const { x, y } = map.points;
  const radius = x.length > 5_000 ? 1.6 : x.length > 1_000 ? 2.2 : 3.2;
  for (let index = 0; index < x.length; index += 1) {
    const [left, top] = place(x[index] ?? 0, y[index] ?? 0);
    if (left < -5 || top < -5 || left > size.width + 5 || top > size.height + 5) continue;
    const isQuiet = selected.size > 0 && !selected.has(index);
    pen.globalAlpha = isQuiet ? 0.15 : 0.8;
    pen.fillStyle = colours[numbers[index] ?? -1] ?? faint;
    pen.beginPath();
    pen.arc(left, top, radius, 0, 2 * Math.PI);
    pen.fill();
  }
}
