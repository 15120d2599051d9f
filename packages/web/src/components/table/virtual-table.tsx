import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from "react";
import { useKeys } from "../browser/keys.ts";
import { NARROW, useMedia } from "../browser/media.ts";
import { useStored } from "../browser/stored-state.ts";
import { type HeaderProps, TableHeader } from "./table-header.tsx";
import { useKeepPlace } from "./table-place.ts";
import { TableRow } from "./table-row.tsx";
import { nextRow, useActiveRow } from "./table-rows.ts";

type TableProps<Row> = Omit<HeaderProps<Row>, "isAllSelected"> & {
  label: string;
  rows: readonly Row[];
  idOf: (row: Row) => string;
  /** The row as two lines, for narrow screens. */
  narrow: (row: Row) => ReactNode;
  /** The row that is open next to the table. */
  openId: string | undefined;
  onOpen: (row: Row) => void;
  /** Called when the last rows come near. */
  onEnd: () => void;
  isLoading: boolean;
  isLoadingMore: boolean;
  /** Content below the last row: an end mark, or an error with a retry. */
  foot?: ReactNode;
  /** Further keys that do something with the row the keyboard is on. */
  rowKeys?: readonly { keys: string; label: string; run: (row: Row) => void }[];
};

/**
 * A grid that draws only the rows in sight. Arrow keys, j and k move, Enter opens, x selects, Home and End jump.
 * Rows that arrive above keep the ones in sight where they are.
 */
export function VirtualTable<Row>(props: TableProps<Row>) {
  const { label, rows, idOf, layout, narrow, openId, onOpen, onEnd, selection, foot, rowKeys = [] } = props;
  const box = useRef<HTMLDivElement>(null);
  const baseId = useId();
  const isNarrow = useMedia(NARROW);
  const [density] = useStored("density", "compact");
  const rowHeight = isNarrow ? 66 : density === "comfortable" ? 40 : 34;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollPaddingStart: isNarrow ? 0 : 34,
    getItemKey: (index) => (rows[index] === undefined ? index : idOf(rows[index])),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: every size is wrong once the row height changes.
  useEffect(() => virtual.measure(), [rowHeight]);
  const active = useActiveRow(rows, idOf, openId);
  const pill = useKeepPlace(box, { rows, idOf, rowHeight });

  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each new end of what is in sight.
  useEffect(() => {
    if (rows.length > 0 && lastIndex >= rows.length - 20) onEnd();
  }, [lastIndex, rows.length]);

  function go(to: number) {
    const row = rows[Math.min(rows.length - 1, Math.max(0, to))];
    if (!row) return;
    active.set(idOf(row));
    virtual.scrollToIndex(rows.indexOf(row), { align: "auto" });
    if (openId !== undefined) onOpen(row);
  }
  /** From nowhere in particular a key also brings the focus, so that Enter opens the row it leads to. */
  function step(by: 1 | -1) {
    if (document.activeElement === document.body) box.current?.focus({ preventScroll: true });
    go(active.index + by);
  }
  const current = active.row;
  useKeys("Rows", [
    { keys: "j", label: "Next row", run: () => step(1) },
    { keys: "k", label: "Previous row", run: () => step(-1) },
    { keys: "x", label: "Select row", run: () => current && selection.toggle(idOf(current), false) },
    ...rowKeys.map(({ keys, label, run }) => ({ keys, label, run: () => current && run(current) })),
  ]);
  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== event.currentTarget) return;
    const to = nextRow(event.key, active.index, {
      count: rows.length,
      page: Math.floor((box.current?.clientHeight ?? 400) / rowHeight) - 2,
    });
    if (to === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (to !== undefined) go(to);
    else if (current) onOpen(current);
  }
  const width = layout.shown.reduce((sum, column) => sum + column.width, 36);
  return (
    <div className="relative flex min-h-0 grow flex-col border-line border-t">
      {pill}
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtualiser, which a table element does not allow. */}
      <div
        ref={box}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={-1}
        aria-colcount={layout.shown.length}
        aria-busy={props.isLoading || undefined}
        aria-multiselectable
        aria-activedescendant={
          current && items.some(({ index }) => rows[index] === current) ? `${baseId}-${idOf(current)}` : undefined
        }
        onKeyDown={onKeyDown}
        className="group/grid relative min-h-0 grow overflow-auto outline-none transition-opacity duration-150 aria-busy:opacity-60"
      >
        <div style={{ minWidth: isNarrow ? undefined : width }}>
          {!isNarrow && (
            <TableHeader {...props} isAllSelected={rows.length > 0 && selection.ids.size === rows.length} />
          )}
          {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
          <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index, start }) => {
              const row = rows[index];
              if (row === undefined) return null;
              const id = idOf(row);
              return (
                <TableRow
                  key={id}
                  domId={`${baseId}-${id}`}
                  row={row}
                  index={index}
                  top={start}
                  height={rowHeight}
                  columns={layout.shown}
                  isActive={row === current}
                  isOpen={id === openId}
                  isSelected={selection.ids.has(id)}
                  onOpen={() => {
                    active.set(id);
                    onOpen(row);
                  }}
                  onSelect={(isRange) => selection.toggle(id, isRange)}
                  narrow={isNarrow ? narrow(row) : undefined}
                />
              );
            })}
          </div>
        </div>
        {props.isLoadingMore && <p className="px-4 py-2 text-muted">Loading more…</p>}
        {foot}
      </div>
    </div>
  );
}
