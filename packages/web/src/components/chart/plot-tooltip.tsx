import type { Hover } from "./plot-options.ts";
import type { PlotProps } from "./plot-series.ts";

const span = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** The values of all series in the bucket under the pointer, with the values of the previous period. */
export function PlotTooltip({ hover, times, bucketSeconds, series, format, footnote }: { hover: Hover } & PlotProps) {
  const time = times[hover.row];
  if (time === undefined) return null;
  const isRight = hover.left > hover.width / 2;
  const note = footnote?.(hover.row);
  const write = (values: readonly (number | null)[] | undefined) => {
    const value = values?.[hover.row];
    return value === null || value === undefined ? "no data" : format(value);
  };
  return (
    <div
      className="card pointer-events-none absolute top-1 z-10 max-w-80 border-line-strong px-2.5 py-1.5 text-xs shadow-md shadow-scrim/15"
      style={isRight ? { right: hover.width - hover.left + 24 } : { left: hover.left + 20 }}
    >
      <div className="mb-1 whitespace-nowrap text-muted">
        {span.formatRange(time * 1000, (time + bucketSeconds) * 1000)}
      </div>
      {series.map(({ label, color, values, before }) => (
        <div key={label} className="flex items-center gap-2 whitespace-nowrap">
          <span aria-hidden className="size-2 shrink-0 rounded-[2px]" style={{ background: `var(${color})` }} />
          <span className="min-w-0 grow truncate">{label}</span>
          <span className="num font-medium">{write(values)}</span>
          {before && <span className="num text-muted">{write(before)} before</span>}
        </div>
      ))}
      {note && <div className="mt-1 text-muted">{note}</div>}
    </div>
  );
}
