import { type PointerEvent, useState } from "react";
import { formatDurationTick } from "../../../../components/text/format.ts";
import { ticksIn, type ZoomState, zoomTo } from "./use-zoom.ts";

/** The moments over the bars. A drag looks closer at what lies between its ends, a double click shows the whole again. */
export function TimeRuler({ lengthMs, zoom }: { lengthMs: number; zoom: ZoomState }) {
  const { from, to } = zoom.zoom;
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const share = (ms: number) => (ms / lengthMs - from) / (to - from);
  // A trace without a length has a beginning only: every later moment would be called 0 too.
  const ticks = ticksIn(zoom.zoom, lengthMs, 4).filter((ms) => share(ms) < 0.93 && (ms === 0 || ms >= 0.005));
  const shareAt = (event: PointerEvent<HTMLElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    return (event.clientX - bounds.left) / bounds.width;
  };
  function end() {
    const next = drag && zoomTo(from + drag.from * (to - from), from + drag.to * (to - from));
    setDrag(undefined);
    if (next && drag && Math.abs(drag.to - drag.from) > 0.02) zoom.setZoom(next);
  }
  return (
    // The same can be done with the keys and buttons of the toolbar.
    // biome-ignore lint/a11y/noStaticElementInteractions: as above.
    <div
      className="num relative h-full cursor-crosshair touch-none select-none"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: shareAt(event), to: shareAt(event) });
      }}
      onPointerMove={(event) => drag && setDrag({ from: drag.from, to: shareAt(event) })}
      onPointerUp={end}
      onPointerCancel={() => setDrag(undefined)}
      onDoubleClick={() => zoom.setZoom({ from: 0, to: 1 })}
    >
      {ticks.map((ms) => (
        <span
          key={ms}
          className="absolute inset-y-0 flex items-center border-line border-l pl-1 whitespace-nowrap"
          style={{ left: `${share(ms) * 100}%` }}
        >
          {formatDurationTick(roundTo(ms))}
        </span>
      ))}
      {drag && (
        <span
          className="absolute inset-y-0 bg-accent/25"
          style={{
            left: `${Math.min(drag.from, drag.to) * 100}%`,
            width: `${Math.abs(drag.to - drag.from) * 100}%`,
          }}
        />
      )}
    </div>
  );
}

const roundTo = (ms: number) => Number(ms.toPrecision(6));
