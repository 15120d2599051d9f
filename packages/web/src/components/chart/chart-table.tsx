import { ScrollBox } from "../layout/scroll-box.tsx";
import { type ChartData, readTime } from "./chart-data.ts";

type TableProps = { title: string; data: ChartData; height: number; onOpenRow?: (row: number) => void };

/** The numbers of a chart. The first cell of a row opens its item. */
export function ChartTable({ title, data, height, onOpenRow }: TableProps) {
  const { columns, rows } = data;
  const isNumber = (column: number) => rows.some((row) => typeof row[column] === "number");
  const aligns = columns.map((_, column) => (column > 0 && isNumber(column) ? "text-right" : "text-left"));
  return (
    <ScrollBox label={`${title}, table`} height={height} className="px-4 pb-3">
      <table className="num w-full">
        <thead className="sticky top-0 bg-panel text-xs text-muted">
          <tr>
            {columns.map(({ label }, column) => (
              <th key={label} scope="col" className={`py-1 pr-3 font-normal last:pr-0 ${aligns[column]}`}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of an answer have no other name and never move.
            <tr key={place} className="border-line border-t hover:bg-raised">
              {row.map((value, column) => (
                <td key={columns[column]?.label} className={`max-w-80 truncate py-1 pr-3 last:pr-0 ${aligns[column]}`}>
                  {column === 0 && onOpenRow ? (
                    <button
                      type="button"
                      onClick={() => onOpenRow(place)}
                      className="max-w-full truncate hover:underline"
                    >
                      {textOf(value)}
                    </button>
                  ) : (
                    textOf(value, columns[column]?.format)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function textOf(value: string | number | null | undefined, format: (value: number) => string = String): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return format(value);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? readTime(value) : value || "(none)";
}
