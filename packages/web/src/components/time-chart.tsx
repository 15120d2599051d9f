import { Download, Table2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { IconButton } from "./button.tsx";
import { saveFile, toCsv } from "./save-file.ts";
import { ScrollBox } from "./scroll-box.tsx";
import { Plot, type PlotProps, type Series } from "./time-plot.tsx";

export type { Series } from "./time-plot.tsx";

type ChartProps = PlotProps & { title: string; note?: ReactNode; className?: string };

/** One chart over time as a card: labels with their colours, hover, drag to zoom, click to open, a table view and a CSV download. */
export function TimeChart({ title, note, className = "", ...plot }: ChartProps) {
  const [isTable, setIsTable] = useState(false);
  const { times, series, format } = plot;
  const save = () =>
    saveFile(
      `${title.toLowerCase().replaceAll(/\W+/g, "-")}.csv`,
      toCsv([
        ["time", ...series.map(({ label }) => label)],
        ...times.map((time, row) => [new Date(time * 1000).toISOString(), ...series.map(({ values }) => values[row])]),
      ]),
      "text/csv",
    );
  return (
    <section aria-label={title} className={`card group/chart flex min-w-0 flex-col ${className}`}>
      <div className="flex min-h-10 items-center gap-x-4 gap-y-1 pt-2 pr-2 pl-4">
        <h2 className="shrink-0 font-semibold">{title}</h2>
        <div className="flex min-w-0 grow flex-wrap items-center gap-x-3 text-xs text-muted">
          {series.map((one) => (
            <LegendItem key={one.label} series={one} />
          ))}
          {note}
        </div>
        <div className="flex transition-opacity duration-150 group-focus-within/chart:opacity-100 group-hover/chart:opacity-100 md:opacity-0">
          <IconButton
            label={isTable ? `Show ${title} as a chart` : `Show ${title} as a table`}
            size="small"
            aria-pressed={isTable}
            onClick={() => setIsTable(!isTable)}
          >
            <Table2 size={14} />
          </IconButton>
          <IconButton label={`Download ${title} as CSV`} size="small" onClick={save}>
            <Download size={14} />
          </IconButton>
        </div>
      </div>
      {isTable ? (
        <ChartTable title={title} times={times} series={series} format={format} height={plot.height} />
      ) : (
        <Plot {...plot} />
      )}
    </section>
  );
}

function LegendItem({ series }: { series: Series }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span
        aria-hidden
        className={series.kind === "bars" ? "size-2.5 rounded-[2px]" : "h-0.5 w-3 rounded-full"}
        style={{ background: `var(${series.color})` }}
      />
      {series.label}
      {series.summary !== undefined && <span className="num text-text">{series.summary}</span>}
    </span>
  );
}

const cellTime = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

function ChartTable({
  title,
  times,
  series,
  format,
  height,
}: { title: string; height: number } & Pick<PlotProps, "times" | "series" | "format">) {
  return (
    <ScrollBox label={`${title}, table`} height={height} className="px-4 pb-3">
      <table className="num w-full">
        <thead className="sticky top-0 bg-panel text-xs text-muted">
          <tr>
            <th className="py-1 text-left font-normal">Time</th>
            {series.map(({ label }) => (
              <th key={label} className="py-1 text-right font-normal">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, row) => (
            <tr key={time} className="border-line border-t">
              <td className="py-1">{cellTime.format(time * 1000)}</td>
              {series.map(({ label, values }) => (
                <td key={label} className="py-1 text-right">
                  {values[row] === null || values[row] === undefined ? "–" : format(values[row])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
