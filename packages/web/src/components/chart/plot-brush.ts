import type uPlot from "uplot";
import type { PlotProps } from "./plot-series.ts";

type Latest = { readonly current: PlotProps };

/** Shorter than this is a click that slipped, in pixels. */
const LEAST = 4;

const NOTHING = { left: 0, top: 0, width: 0, height: 0 } as const;

/** A drag with mouse or finger selects a time range, a click opens the bucket. Returns the cleanup function. */
export function listen(plot: uPlot, latest: Latest): () => void {
  const stop = new AbortController();
  const timeAt = (left: number) => new Date(plot.posToVal(left, "x") * 1000);
  // Charts on a page share a selection; only the chart where the drag started reports it.
  let isHere = false;
  let wasDragged = false;
  const begin = () => {
    isHere = true;
    wasDragged = false;
  };
  const end = () => {
    const { left, width } = plot.select;
    plot.setSelect(NOTHING, false);
    wasDragged = isHere && width > LEAST;
    isHere = false;
    if (wasDragged) latest.current.onZoom(timeAt(left), timeAt(left + width));
  };
  const open = () => {
    const time = latest.current.times[plot.cursor.idx ?? -1];
    if (wasDragged || time === undefined) return;
    latest.current.onOpen(new Date(time * 1000), new Date((time + latest.current.bucketSeconds) * 1000));
  };
  // The button may be released anywhere on the page.
  plot.hooks.setSelect = [end];
  plot.over.addEventListener("mousedown", begin, { signal: stop.signal });
  plot.over.addEventListener("click", open, { signal: stop.signal });
  listenToFinger(plot, { begin, end, signal: stop.signal });
  return () => stop.abort();
}

type Finger = { begin: () => void; end: () => void; signal: AbortSignal };

/** uPlot follows the mouse alone. A horizontal swipe selects a time range; a vertical one still scrolls the page. */
function listenToFinger(plot: uPlot, { begin, end, signal }: Finger): void {
  const { over } = plot;
  let from: number | undefined;
  const placeOf = ({ clientX }: PointerEvent) => {
    const box = over.getBoundingClientRect();
    return Math.min(box.width, Math.max(0, clientX - box.left));
  };
  const on = (
    name: "pointerdown" | "pointermove" | "pointerup" | "pointercancel",
    run: (event: PointerEvent) => void,
  ) => over.addEventListener(name, (event) => event.pointerType === "touch" && run(event), { signal });
  over.style.touchAction = "pan-y";
  on("pointerdown", (event) => {
    from = placeOf(event);
    begin();
  });
  on("pointermove", (event) => {
    if (from === undefined) return;
    const to = placeOf(event);
    const height = over.clientHeight;
    plot.setSelect({ left: Math.min(from, to), width: Math.abs(to - from), top: 0, height }, false);
  });
  on("pointerup", () => {
    from = undefined;
    if (plot.select.width > LEAST) end();
  });
  on("pointercancel", () => {
    from = undefined;
    plot.setSelect(NOTHING, false);
  });
}
