import { useCallback, useState } from "react";

/** The part of a trace's time that is in sight, as shares of the whole from 0 to 1. */
export type Zoom = { readonly from: number; readonly to: number };

export const WHOLE: Zoom = { from: 0, to: 1 };
/** Closer than this, bars of a double's precision begin to jump. */
const CLOSEST = 1e-7;

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** The window with this width that lies nearest, inside the whole. */
function windowAt(from: number, width: number): Zoom {
  const kept = clamp(width, CLOSEST, 1);
  const start = clamp(from, 0, 1 - kept);
  return { from: start, to: start + kept };
}

/** Closer (`factor` under 1) or wider, with the moment at `share` of the window staying where it is. */
export function zoomBy({ from, to }: Zoom, factor: number, share = 0.5): Zoom {
  const width = clamp((to - from) * factor, CLOSEST, 1);
  return windowAt(from + (to - from) * share - width * share, width);
}

/** Moved by a share of what is in sight. */
export const panBy = ({ from, to }: Zoom, share: number): Zoom => windowAt(from + (to - from) * share, to - from);

/** From one moment to another, in either order; undefined when they are the same to the eye. */
export function zoomTo(a: number, b: number): Zoom | undefined {
  const from = clamp(Math.min(a, b), 0, 1);
  const to = clamp(Math.max(a, b), 0, 1);
  return to - from < 0.002 ? undefined : windowAt(from, to - from);
}

/** Where something lies in the window, in percent of its width; undefined when none of it is in sight. */
export function placeIn({ from, to }: Zoom, start: number, length: number) {
  const left = (start - from) / (to - from);
  const right = (start + length - from) / (to - from);
  if (right < 0 || left > 1) return undefined;
  // What reaches far out of sight is cut, since browsers draw very wide boxes badly.
  const begin = Math.max(left, -0.01);
  return { left: begin * 100, width: (Math.min(right, 1.01) - begin) * 100 };
}

/** Round moments inside the window, in milliseconds, about as many as wanted. */
export function ticksIn({ from, to }: Zoom, lengthMs: number, wanted: number): number[] {
  const width = (to - from) * lengthMs;
  const rough = width / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => power * factor >= rough) ?? 10);
  const first = Math.ceil((from * lengthMs) / step);
  const last = Math.floor((to * lengthMs) / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

/** The window of one trace; another trace starts whole again. */
export function useZoom(traceId: string) {
  const [state, setState] = useState({ traceId, zoom: WHOLE });
  const zoom = state.traceId === traceId ? state.zoom : WHOLE;
  const setZoom = useCallback(
    (change: Zoom | ((old: Zoom) => Zoom)) =>
      setState((old) => {
        const before = old.traceId === traceId ? old.zoom : WHOLE;
        return { traceId, zoom: typeof change === "function" ? change(before) : change };
      }),
    [traceId],
  );
  return { zoom, setZoom };
}
export type ZoomState = ReturnType<typeof useZoom>;
