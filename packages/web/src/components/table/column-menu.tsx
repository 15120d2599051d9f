import { ArrowDown, ArrowUp, Columns3, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Button, IconButton, WHERE_ROOMY } from "../form/button.tsx";
import { Checkbox } from "../form/field.tsx";
import { Popover } from "../overlay/popover.tsx";
import type { Column, TableLayout } from "./table-layout.ts";

/** Shows, hides and orders the columns of a table. */
export function ColumnMenu<Row>({ columns, layout }: { columns: readonly Column<Row>[]; layout: TableLayout<Row> }) {
  const [isOpen, setIsOpen] = useState(false);
  const hidden = columns.filter((column) => !layout.isShown(column.id));
  const trigger = (
    <Button aria-label="Columns">
      <Columns3 aria-hidden size={14} className="text-muted" />
      <span className={WHERE_ROOMY}>Columns</span>
    </Button>
  );
  return (
    <Popover trigger={trigger} label="Columns" isOpen={isOpen} setIsOpen={setIsOpen} align="end">
      <ul className="w-60 p-1">
        {[...layout.shown, ...hidden].map((column) => (
          <li key={column.id} className="group/column flex h-8 items-center rounded-control pr-1 pl-2 hover:bg-raised">
            <Checkbox
              label={column.header}
              checked={layout.isShown(column.id)}
              onChange={() => layout.toggle(column.id)}
              className="min-w-0 grow"
            />
            {layout.isShown(column.id) && (
              <span className="flex group-focus-within/column:opacity-100 group-hover/column:opacity-100 md:opacity-0">
                <IconButton
                  size="small"
                  label={`Move ${column.header} to the left`}
                  onClick={() => layout.move(column.id, -1)}
                >
                  <ArrowUp size={14} />
                </IconButton>
                <IconButton
                  size="small"
                  label={`Move ${column.header} to the right`}
                  onClick={() => layout.move(column.id, 1)}
                >
                  <ArrowDown size={14} />
                </IconButton>
              </span>
            )}
          </li>
        ))}
      </ul>
      <div className="sticky bottom-0 border-line border-t bg-panel p-1">
        <Button kind="quiet" className="w-full" onClick={layout.reset}>
          <RotateCcw aria-hidden size={14} /> Standard columns
        </Button>
      </div>
    </Popover>
  );
}
