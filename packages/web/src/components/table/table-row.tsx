import type { ReactNode } from "react";
import { type Column, widthOf } from "./table-layout.ts";

type RowProps<Row> = {
  domId: string;
  row: Row;
  index: number;
  top: number;
  height: number;
  columns: readonly Column<Row>[];
  isActive: boolean;
  isOpen: boolean;
  isSelected: boolean;
  onOpen: () => void;
  onSelect: (isRange: boolean) => void;
  /** The row as two lines; set on narrow screens. */
  narrow: ReactNode | undefined;
};

/** One row of the virtual table, placed by its distance from the top. */
export function TableRow<Row>({ domId, row, index, top, height, columns, narrow, ...state }: RowProps<Row>) {
  const tone = state.isOpen ? "bg-accent-soft" : state.isSelected ? "bg-raised" : "bg-panel hover:bg-raised";
  return (
    // biome-ignore lint/a11y/useSemanticElements: placed by the virtualiser, which a table row does not allow.
    // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus and names this row as the active one.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on the grid opens the active row.
    <div
      role="row"
      id={domId}
      aria-rowindex={index + 2}
      aria-selected={state.isSelected}
      onClick={(event) => {
        if (event.shiftKey) return state.onSelect(true);
        // A click that ends a text selection does not open the row.
        if (!window.getSelection()?.toString()) state.onOpen();
      }}
      className={`group/row absolute inset-x-0 flex cursor-pointer border-line border-b ${tone} ${state.isActive ? "group-focus-visible/grid:outline-2 group-focus-visible/grid:-outline-offset-2 group-focus-visible/grid:outline-accent" : ""}`}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      {narrow !== undefined ? (
        // biome-ignore lint/a11y/useSemanticElements: as above.
        // biome-ignore lint/a11y/useFocusableInteractive: as above.
        <div role="gridcell" className="min-w-0 grow px-4 py-2">
          {narrow}
        </div>
      ) : (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: as above. */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the checkbox inside has the keyboard. */}
          <div
            role="gridcell"
            onClick={(event) => event.stopPropagation()}
            className={`sticky left-0 z-1 flex w-9 shrink-0 items-center justify-center ${tone}`}
          >
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label="Select this row"
              checked={state.isSelected}
              onClick={(event) => state.onSelect(event.shiftKey)}
              readOnly
              className={`size-3.5 accent-accent ${state.isSelected ? "" : "opacity-0 group-hover/row:opacity-100"}`}
            />
          </div>
          {columns.map((column) => (
            // biome-ignore lint/a11y/useSemanticElements: as above.
            // biome-ignore lint/a11y/useFocusableInteractive: as above.
            <div
              key={column.id}
              role="gridcell"
              className={`flex min-w-0 items-center overflow-hidden px-2 whitespace-nowrap ${column.isNumber ? "num justify-end" : ""}`}
              style={widthOf(column)}
            >
              {column.cell(row)}
            </div>
          ))}
        </>
      )}
    </div>
  );
}
