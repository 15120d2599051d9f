import type { ReactNode } from "react";
import { Skeleton } from "../feedback/states.tsx";

export type PlainColumn<Row> = {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  isNumber?: boolean;
  /** Hidden on narrow screens, where the rest must fit. */
  isWide?: boolean;
  className?: string;
};
type TableProps<Row> = {
  label: string;
  columns: readonly PlainColumn<Row>[];
  /** Undefined while loading: rows of the final shape are shown in grey. */
  rows: readonly Row[] | undefined;
  idOf: (row: Row) => string;
  onOpen?: (row: Row) => void;
};

/** A table short enough to draw whole. Long ones use the virtual table. */
export function PlainTable<Row>({ label, columns, rows, idOf, onOpen }: TableProps<Row>) {
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} aria-busy={!rows || undefined} className="w-full">
        <thead>
          <tr className="border-line border-b text-xs text-muted">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={`h-8 px-2 font-normal whitespace-nowrap first:pl-4 last:pr-4 ${lookOf(column)}`}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows
            ? rows.map((row) => (
                <tr
                  key={idOf(row)}
                  onClick={onOpen && (() => onOpen(row))}
                  className={`border-line border-b last:border-0 ${onOpen ? "cursor-pointer hover:bg-raised" : ""}`}
                >
                  {columns.map((column) => (
                    <td key={column.id} className={`h-(--row-height) px-2 py-1 first:pl-4 last:pr-4 ${lookOf(column)}`}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              ))
            : [0, 1, 2].map((row) => (
                <tr key={row} className="border-line border-b last:border-0">
                  {columns.map((column) => (
                    <td key={column.id} className={`h-(--row-height) px-2 first:pl-4 last:pr-4 ${lookOf(column)}`}>
                      <Skeleton className="h-3.5 w-full max-w-32" />
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
    </div>
  );
}

const lookOf = ({ isNumber, isWide, className = "" }: PlainColumn<never>) =>
  `${isNumber ? "num text-right whitespace-nowrap" : "text-left"} ${isWide ? "max-md:hidden" : ""} ${className}`;
