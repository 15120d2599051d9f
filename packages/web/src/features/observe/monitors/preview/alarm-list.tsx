import { Link } from "@tanstack/react-router";
import type { MonitorInput } from "@treadle/contract";
import { useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { TimeCell } from "../../../../components/table/cells.tsx";
import { formatCount, formatDuration } from "../../../../components/text/format.ts";
import { SeverityBadge } from "../shared/monitor-state.tsx";
import { seriesLabel, unitOfValues, valueText } from "../shared/monitor-words.ts";
import { tracesBehind } from "../shared/traces-behind.ts";
import type { Alarm, MonitorPreview } from "../shared/use-monitors.ts";

type ListProps = { preview: MonitorPreview; settings: MonitorInput };

const FEW = 8;

/** The alarms of all returned series, newest first, with links to the traces of their time. */
export function AlarmList({ preview, settings }: ListProps) {
  const [isWhole, setIsWhole] = useState(false);
  const rows = preview.series
    .flatMap(({ series, alarms }) => alarms.map((alarm) => ({ series, alarm })))
    .toSorted((one, other) => other.alarm.from.localeCompare(one.alarm.from));
  const hidden = isWhole ? 0 : Math.max(0, rows.length - FEW);
  if (rows.length === 0) return <p className="text-muted">The monitor would not have fired.</p>;
  return (
    <section aria-label="Alarms" className="flex flex-col gap-1">
      <h3 className="text-sm font-semibold">Alarms</h3>
      <ul className="flex flex-col">
        {rows.slice(0, rows.length - hidden).map(({ series, alarm }) => (
          <AlarmRow
            key={`${series} ${alarm.from}`}
            series={series}
            alarm={alarm}
            settings={settings}
            end={preview.to}
          />
        ))}
      </ul>
      {hidden > 0 && (
        <Button size="small" kind="quiet" className="self-start" onClick={() => setIsWhole(true)}>
          Show {formatCount(hidden)} more
        </Button>
      )}
    </section>
  );
}

type RowProps = { series: string; alarm: Alarm; settings: MonitorInput; end: string };

function AlarmRow({ series, alarm: { from, to, severity, peak }, settings, end }: RowProps) {
  const lastedMs = Date.parse(to ?? end) - Date.parse(from);
  const lasted = lastedMs > 0 ? [`for ${formatDuration(lastedMs)}`] : [];
  // The alarm starts at the end of the first window that fires.
  const start = new Date(Date.parse(from) - settings.windowSeconds * 1_000).toISOString();
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-line border-t py-1.5">
      <SeverityBadge severity={severity} />
      <TimeCell iso={from} />
      <span className="num text-muted">{[...lasted, ...(to === null ? ["still firing"] : [])].join(", ")}</span>
      {series && <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{seriesLabel(series)}</span>}
      <span className="num">peak {valueText(peak, unitOfValues(settings))}</span>
      <Link
        to="/traces"
        search={tracesBehind(settings.source, series, { from: start, to: to ?? end })}
        className="ml-auto text-accent underline-offset-2 hover:underline"
      >
        Traces
      </Link>
    </li>
  );
}
