import { type PointerEvent, useState } from "react";

/** The geometry of a heat map: left margin, square size and counts. */
export type HeatSize = {
  readonly side: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
};
type Place = { readonly x: number; readonly y: number };
type Columns = { readonly first: number; readonly last: number };
type Actions = { onOpen?: (x: number, y: number) => void; onZoom?: (first: number, last: number) => void };

/** Pointer handling of a heat map: hover shows a square, a click opens it, a drag selects columns. */
export function useHeatPointer(size: HeatSize, { onOpen, onZoom }: Actions) {
  const [place, setPlace] = useState<Place>();
  const [from, setFrom] = useState<Place>();
  const chosen = from && place && onZoom && from.x !== place.x ? columnsOf(from, place) : undefined;
  return {
    /** The square under the pointer. */
    place,
    /** The columns of the current drag. */
    chosen,
    handlers: {
      onPointerDown(event: PointerEvent<SVGSVGElement>) {
        const found = placeAt(event, size);
        if (event.button !== 0 || !found) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setPlace(found);
        setFrom(found);
      },
      onPointerMove(event: PointerEvent<SVGSVGElement>) {
        const found = placeAt(event, size, from !== undefined);
        if (found?.x !== place?.x || found?.y !== place?.y) setPlace(found);
      },
      onPointerUp() {
        setFrom(undefined);
        if (!from || !place) return;
        if (chosen) onZoom?.(chosen.first, chosen.last);
        else if (from.x === place.x && from.y === place.y) onOpen?.(place.x, place.y);
      },
      onPointerCancel: () => setFrom(undefined),
      onPointerLeave: () => from ?? setPlace(undefined),
    },
  };
}

const columnsOf = (a: Place, b: Place): Columns => ({ first: Math.min(a.x, b.x), last: Math.max(a.x, b.x) });

/** The square at the pointer; with `isNearest`, the nearest one, as a drag may leave the field. */
function placeAt(event: PointerEvent<SVGSVGElement>, size: HeatSize, isNearest = false): Place | undefined {
  const box = event.currentTarget.getBoundingClientRect();
  const x = Math.floor((event.clientX - box.left - size.side) / size.width);
  const y = Math.floor((event.clientY - box.top) / size.height);
  if (isNearest) return { x: within(x, size.columns), y: within(y, size.rows) };
  return x >= 0 && x < size.columns && y >= 0 && y < size.rows ? { x, y } : undefined;
}

const within = (place: number, count: number) => Math.min(count - 1, Math.max(0, place));
