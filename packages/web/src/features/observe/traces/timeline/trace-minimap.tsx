import { type PointerEvent, useMemo, useRef, useState } from "react";
import type { TraceModel } from "../model/trace-model.ts";
import { densityOf } from "./span-density.ts";
import { panBy, WHOLE, type ZoomState, zoomTo } from "./use-zoom.ts";

const SLICES = 240;
const HEIGHT = 30;

/** The whole trace on one line: the parallel steps, the failures, and the part in view. */
export function TraceMinimap({ model, zoom }: { model: TraceModel; zoom: ZoomState }) {
  const density = useMemo(() => densityOf(model, SLICES), [model]);
  const path = useMemo(() => {
    const heights = Array.from(density.running, (count) => HEIGHT - Math.sqrt(count / density.most) * (HEIGHT - 4));
    return `M0 ${HEIGHT}${heights.map((y, slice) => `L${slice} ${y.toFixed(1)}H${slice + 1}`).join("")}V${HEIGHT}Z`;
  }, [density]);
  const { drag, handlers } = useMinimapDrag(zoom);
  const { from, to } = drag ? (zoomTo(drag.from, drag.to) ?? zoom.zoom) : zoom.zoom;
  const isWhole = from === 0 && to === 1;
  return (
    // The toolbar's buttons and keys do the same.
    <div
      aria-hidden
      data-minimap
      className="relative shrink-0 cursor-crosshair touch-none border-line border-b bg-panel select-none"
      style={{ height: HEIGHT + 6 }}
      {...handlers}
    >
      <svg
        aria-hidden
        viewBox={`0 0 ${SLICES} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="absolute inset-x-0 bottom-0 w-full"
        style={{ height: HEIGHT }}
      >
        <path d={path} className="fill-accent/35" />
        {density.failed.map((slice) => (
          <rect key={slice} x={slice} y={0} width={1} height={HEIGHT} className="fill-bad" />
        ))}
      </svg>
      {!isWhole && (
        <>
          <span className="absolute inset-y-0 left-0 bg-bg/75" style={{ width: `${from * 100}%` }} />
          <span className="absolute inset-y-0 right-0 bg-bg/75" style={{ width: `${(1 - to) * 100}%` }} />
          <span
            className="absolute inset-y-0 min-w-[3px] border-accent border-x-2"
            style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
          />
        </>
      )}
    </div>
  );
}

/** A drag draws a new window. A drag that starts inside the window moves it. */
function useMinimapDrag({ zoom, setZoom }: ZoomState) {
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const moving = useRef<number>(undefined);
  const shareAt = (event: PointerEvent<HTMLElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    return (event.clientX - bounds.left) / bounds.width;
  };
  return {
    drag,
    handlers: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = shareAt(event);
        const isInside = (zoom.from > 0 || zoom.to < 1) && at >= zoom.from && at <= zoom.to;
        if (isInside) moving.current = at;
        else setDrag({ from: at, to: at });
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        const at = shareAt(event);
        if (drag) setDrag({ from: drag.from, to: at });
        const last = moving.current;
        if (last === undefined) return;
        moving.current = at;
        setZoom((old) => panBy(old, (at - last) / (old.to - old.from)));
      },
      onPointerUp() {
        const next = drag && zoomTo(drag.from, drag.to);
        if (next && next.to - next.from > 0.005) setZoom(next);
        setDrag(undefined);
        moving.current = undefined;
      },
      onDoubleClick: () => setZoom(WHOLE),
    },
  };
}
