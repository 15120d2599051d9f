import { ArrowDown, ArrowUp } from "lucide-react";
import { type DragEvent, type KeyboardEvent, type PointerEvent, useState } from "react";
import { type Column, type TableLayout, widthOf } from "./table-layout.ts";
import type { Selection } from "./table-rows.ts";

export type Sort = { order: string; direction: "asc" | "desc" };
export type HeaderProps<Row> = {
  layout: TableLayout<Row>;
  selection: Selection;
  isAllSelected: boolean;
  sort: Sort;
  onSort: ((sort: Sort) => void) | undefined;
};

/** The names of the columns. A click sorts, a drag moves a column, its right edge sizes it. */
export function TableHeader<Row>({ layout, selection, isAllSelected, sort, onSort }: HeaderProps<Row>) {
  const [dragged, setDragged] = useState<string>();
  function drop(event: DragEvent, onto: string) {
    event.preventDefault();
    const ids = layout.shown.map(({ id }) => id);
    if (dragged && dragged !== onto) layout.move(dragged, ids.indexOf(onto) - ids.indexOf(dragged));
    setDragged(undefined);
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table; a grid's parts are roles.
    <div role="rowgroup" className="sticky top-0 z-10">
      {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus and names the row. */}
      <div role="row" className="flex h-8 border-line border-b bg-bg text-xs text-muted">
        {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: as above. */}
        <div role="columnheader" className="sticky left-0 z-10 flex w-9 shrink-0 items-center justify-center bg-bg">
          <input
            type="checkbox"
            aria-label="Select all loaded rows"
            checked={isAllSelected}
            onChange={selection.toggleAll}
            className="size-3.5 accent-accent"
          />
        </div>
        {layout.shown.map((column) => (
          // biome-ignore lint/a11y/useSemanticElements: as above.
          // biome-ignore lint/a11y/useFocusableInteractive: as above.
          <div
            key={column.id}
            role="columnheader"
            aria-sort={sortOf(column, sort)}
            draggable
            onDragStart={() => setDragged(column.id)}
            onDragOver={(event) => dragged && event.preventDefault()}
            onDrop={(event) => drop(event, column.id)}
            className={`group/header relative flex min-w-0 items-center px-2 ${column.isNumber ? "justify-end" : ""} ${dragged === column.id ? "opacity-50" : ""}`}
            style={widthOf(column)}
          >
            <HeaderLabel column={column} sort={sort} onSort={onSort} />
            <ResizeHandle column={column} layout={layout} />
          </div>
        ))}
      </div>
    </div>
  );
}

const sortOf = ({ order }: { order?: string }, sort: Sort) =>
  order && order === sort.order ? (sort.direction === "asc" ? "ascending" : "descending") : undefined;

function HeaderLabel<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>;
  sort: Sort;
  onSort: HeaderProps<Row>["onSort"];
}) {
  const { header, order } = column;
  const isSorted = order !== undefined && order === sort.order;
  if (!order || !onSort) return <span className="truncate">{header}</span>;
  const Arrow = sort.direction === "asc" ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={() => onSort({ order, direction: isSorted && sort.direction === "desc" ? "asc" : "desc" })}
      className={`inline-flex min-w-0 items-center gap-1 rounded hover:text-text ${isSorted ? "font-medium text-text" : ""}`}
    >
      <span className="truncate">{header}</span>
      {isSorted && <Arrow aria-hidden size={12} className="shrink-0" />}
    </button>
  );
}

/** Dragged with the pointer, or moved with the arrow keys by 16 pixels. */
function ResizeHandle<Row>({ column, layout }: { column: Column<Row>; layout: TableLayout<Row> }) {
  function start(event: PointerEvent<HTMLDivElement>) {
    event.preventDefault();
    const { clientX, currentTarget, pointerId } = event;
    const width = currentTarget.parentElement?.offsetWidth ?? column.width;
    currentTarget.setPointerCapture(pointerId);
    const move = (later: globalThis.PointerEvent) => layout.resize(column.id, width + later.clientX - clientX);
    currentTarget.addEventListener("pointermove", move);
    currentTarget.addEventListener("pointerup", () => currentTarget.removeEventListener("pointermove", move), {
      once: true,
    });
  }
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const by = event.key === "ArrowRight" ? 16 : event.key === "ArrowLeft" ? -16 : 0;
    if (by === 0) return;
    event.preventDefault();
    layout.resize(column.id, (event.currentTarget.parentElement?.offsetWidth ?? column.width) + by);
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved, which no element is.
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${column.header}`}
      aria-valuenow={column.width}
      aria-valuemin={48}
      aria-valuemax={900}
      tabIndex={0}
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={start}
      onKeyDown={onKeyDown}
      className="absolute inset-y-1 right-0 w-2 translate-x-1/2 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-1/2 after:w-px after:bg-line-strong after:opacity-0 group-hover/header:after:opacity-100 focus-visible:after:opacity-100"
    />
  );
}
