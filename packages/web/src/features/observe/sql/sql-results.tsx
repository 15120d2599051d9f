import { ChevronLeft, ChevronRight, Download } from "lucide-react";
import { useState } from "react";
import { saveFile, toCsv } from "../../../components/browser/save-file.ts";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { ScrollBox } from "../../../components/layout/scroll-box.tsx";
import { formatCompact, formatCount, formatDuration } from "../../../components/text/format.ts";
import type { SqlAnswer } from "./use-sql.ts";

const PAGE = 100;
const isNumeric = (type: string) => /^(Nullable\()?(U?Int|Float|Decimal)/.test(type);

/** The rows of an answer, a hundred at a time, with what reading them took. */
export function SqlResults({ answer }: { answer: SqlAnswer }) {
  const [page, setPage] = useState(0);
  const { columns, rows, elapsedMs, rowsRead, isTruncated } = answer;
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const from = page * PAGE;
  return (
    <section aria-label="Result" className="card min-w-0">
      <div className="num flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1.5 text-xs text-muted">
        <span role="status">
          <span className="font-medium text-text">{formatCount(rows.length)}</span> rows
          {isTruncated && ", more available"} · {formatDuration(elapsedMs)} · {formatCompact(rowsRead)} rows read
        </span>
        <span className="ml-auto flex items-center gap-1">
          {pages > 1 && (
            <>
              <IconButton label="Previous page" size="small" disabled={page === 0} onClick={() => setPage(page - 1)}>
                <ChevronLeft size={14} />
              </IconButton>
              {formatCount(from + 1)}–{formatCount(Math.min(from + PAGE, rows.length))}
              <IconButton label="Next page" size="small" disabled={page + 1 >= pages} onClick={() => setPage(page + 1)}>
                <ChevronRight size={14} />
              </IconButton>
            </>
          )}
          <Button
            size="small"
            onClick={() =>
              saveFile(
                "result.csv",
                toCsv([columns.map(({ name }) => name), ...rows.map((row) => row.map(plain))]),
                "text/csv",
              )
            }
          >
            <Download aria-hidden size={12} /> CSV
          </Button>
        </span>
      </div>
      <ScrollBox label="Rows" className="max-h-[60vh] border-line border-t">
        <table className="w-full">
          <thead className="sticky top-0 z-1 bg-raised">
            <tr className="text-xs text-muted">
              {columns.map(({ name, type }) => (
                <th
                  key={name}
                  scope="col"
                  title={type}
                  className={`h-8 px-3 font-normal whitespace-nowrap ${isNumeric(type) ? "text-right" : "text-left"}`}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(from, from + PAGE).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an answer never changes.
              <tr key={from + index} className="border-line border-t hover:bg-raised">
                {columns.map(({ name, type }, place) => (
                  <td
                    key={name}
                    title={plain(row[place]).slice(0, 1_000)}
                    className={`h-8 max-w-100 truncate px-3 ${isNumeric(type) ? "num text-right" : ""}`}
                  >
                    <Cell value={row[place]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p className="px-3 py-6 text-center text-muted">The statement returned no rows.</p>}
      </ScrollBox>
    </section>
  );
}

/** A value as text, for a cell and for a file. */
const plain = (value: unknown): string =>
  value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

function Cell({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <span className="text-muted italic">null</span>;
  if (typeof value === "object") return <code className="text-xs">{plain(value).slice(0, 300)}</code>;
  return plain(value).slice(0, 300).replaceAll(/\s+/g, " ");
}
