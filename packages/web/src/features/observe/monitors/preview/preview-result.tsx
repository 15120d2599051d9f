import type { MonitorInput } from "@treadle/contract";
import { Info, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Select } from "../../../../components/form/field.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { ALARM_ADVICE, alarmsText, MOST_FALSE_ALARMS, seriesLabel } from "../shared/monitor-words.ts";
import type { MonitorPreview } from "../shared/use-monitors.ts";
import { AlarmList } from "./alarm-list.tsx";
import { PreviewChart } from "./preview-chart.tsx";

type ResultProps = { preview: MonitorPreview; settings: MonitorInput };

/** The alarms of the last 30 days, the value of one series, and how many false alarms to expect. */
export function PreviewResult({ preview, settings }: ResultProps) {
  const [name, setName] = useState<string>();
  const chosen = preview.series.find(({ series }) => series === name) ?? preview.series[0];
  return (
    <>
      <PreviewNumbers preview={preview} advice={ALARM_ADVICE[settings.condition.kind]} />
      {preview.notices.map((notice) => (
        <Notice key={notice} icon={<Info aria-hidden size={15} className="mt-0.5 shrink-0 text-info" />}>
          {notice}
        </Notice>
      ))}
      {!chosen && <p className="text-muted">No spans match in the last 30 days, so nothing can be shown.</p>}
      {chosen && (
        <>
          {preview.series.length > 1 && <SeriesSelect preview={preview} chosen={chosen.series} onChange={setName} />}
          <PreviewChart series={chosen} settings={settings} end={preview.to} />
          <AlarmList preview={preview} settings={settings} />
        </>
      )}
    </>
  );
}

const Notice = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <p className="flex gap-2 text-pretty">
    {icon}
    <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
  </p>
);

type NumbersProps = { preview: MonitorPreview; advice: string };

function PreviewNumbers({ preview: { alarmCount, expectedFalseAlarms, seriesCount }, advice }: NumbersProps) {
  const isTooMany = expectedFalseAlarms !== null && expectedFalseAlarms > MOST_FALSE_ALARMS;
  return (
    <div aria-live="polite" className="flex flex-col gap-2">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        <Figure label="Alarms" value={formatCount(alarmCount)} />
        <Figure label="Series" value={formatCount(seriesCount)} />
        <Figure
          label="Expected false alarms per 30 days"
          value={alarmsText(expectedFalseAlarms)}
          look={isTooMany ? "text-warn" : ""}
        />
      </dl>
      {isTooMany && (
        <Notice icon={<TriangleAlert aria-hidden size={15} className="mt-0.5 shrink-0 text-warn" />}>
          More than 1 false alarm per 30 days is too many. {advice}
        </Notice>
      )}
    </div>
  );
}

const Figure = ({ label, value, look = "" }: { label: string; value: string; look?: string }) => (
  <div>
    <dt className="text-xs text-muted">{label}</dt>
    <dd className={`num text-lg font-semibold ${look}`}>{value}</dd>
  </div>
);

type SelectProps = { preview: MonitorPreview; chosen: string; onChange: (series: string) => void };

const SeriesSelect = ({ preview: { series, seriesCount }, chosen, onChange }: SelectProps) => (
  <div className="flex flex-wrap items-center gap-2">
    <Select aria-label="Series" value={chosen} onChange={({ target }) => onChange(target.value)} className="max-w-72">
      {series.map(({ series: name, alarms }) => (
        <option key={name} value={name}>
          {seriesLabel(name)}
          {alarms.length > 0 ? ` (${formatNumberOf(alarms.length, "alarm")})` : ""}
        </option>
      ))}
    </Select>
    {seriesCount > series.length && (
      <span className="text-xs text-muted">
        {formatCount(series.length)} of {formatNumberOf(seriesCount, "series", "series")} are shown
      </span>
    )}
  </div>
);
