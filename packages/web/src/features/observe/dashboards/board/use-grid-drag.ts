import { type Chart, DASHBOARD_COLUMNS } from "@treadle/contract";
import { type PointerEvent, type RefObject, useState } from "react";
import { type Place, put } from "../edit/grid-layout.ts";

/** The height of a row of the grid and the room between two, in pixels. */
export const GRID = { row: 40, gap: 12 } as const;

type Drag = { id: string; what: "move" | "size"; from: Place; x: number; y: number; column: number };

/** Moves and sizes charts with the pointer. While it is down the others make room; they stay so once it is up. */
export function useGridDrag(
  box: RefObject<HTMLElement | null>,
  charts: readonly Chart[],
  onDrop: (charts: readonly Chart[]) => void,
) {
  const [drag, setDrag] = useState<Drag>();
  const [preview, setPreview] = useState<readonly Chart[]>();
  const stop = () => {
    setDrag(undefined);
    setPreview(undefined);
  };
  return {
    /** The layout if the pointer were released now. */
    shown: preview ?? charts,
    draggedId: drag?.id,
    /** What an element needs to be grabbed by. */
    grip: (chart: Chart, what: Drag["what"]) => ({
      onPointerDown(event: PointerEvent<HTMLElement>) {
        if (event.button !== 0 || !box.current) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const column = (box.current.clientWidth + GRID.gap) / DASHBOARD_COLUMNS;
        setDrag({ id: chart.id, what, from: chart.layout, x: event.clientX, y: event.clientY, column });
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        if (drag?.id !== chart.id) return;
        const columns = Math.round((event.clientX - drag.x) / drag.column);
        const rows = Math.round((event.clientY - drag.y) / (GRID.row + GRID.gap));
        setPreview(put(charts, chart.id, changed(drag, { columns, rows })));
      },
      onPointerUp() {
        if (preview) onDrop(preview);
        stop();
      },
      onPointerCancel: stop,
    }),
  };
}
export type GridDrag = ReturnType<typeof useGridDrag>;

const changed = ({ what, from }: Drag, { columns, rows }: { columns: number; rows: number }): Place =>
  what === "move"
    ? { ...from, x: from.x + columns, y: from.y + rows }
    : { ...from, w: Math.min(DASHBOARD_COLUMNS - from.x, from.w + columns), h: from.h + rows };
