import { createElement, type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from "react";

type Rows<Row> = { rows: readonly Row[]; idOf: (row: Row) => string; rowHeight: number };

/**
 * Prevents visible rows from moving when rows arrive above them, and returns a button that shows the number of new rows
 * and scrolls to them. At the very top, the list moves, because there the newest row is wanted.
 */
export function useKeepPlace<Row>(
  box: RefObject<HTMLDivElement | null>,
  { rows, idOf, rowHeight }: Rows<Row>,
): ReactNode {
  const firstId = rows[0] === undefined ? undefined : idOf(rows[0]);
  const last = useRef<{ firstId: string | undefined; length: number }>({ firstId: undefined, length: 0 });
  const [arrived, setArrived] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    const before = last.current;
    last.current = { firstId, length: rows.length };
    if (!element || before.firstId === undefined || before.firstId === firstId) return;
    const above = rows.findIndex((row) => idOf(row) === before.firstId);
    if (above < 0) {
      // Another list altogether, such as after a change of the filter.
      element.scrollTop = 0;
      return setArrived(0);
    }
    if (element.scrollTop < rowHeight) return;
    element.scrollTop += above * rowHeight;
    setArrived((count) => count + above);
  }, [box, firstId, rows, idOf, rowHeight]);
  if (arrived === 0) return null;
  function show() {
    box.current?.scrollTo({ top: 0 });
    setArrived(0);
  }
  return createElement(
    "button",
    {
      type: "button",
      onClick: show,
      className:
        "num absolute top-11 left-1/2 z-20 -translate-x-1/2 rounded-full border border-accent bg-accent-soft px-3 py-1 text-xs font-medium text-accent shadow-md",
    },
    `↑ ${arrived} new`,
  );
}
