import { useNavigate } from "@tanstack/react-router";
import type { MonitorInput } from "@treadle/contract";
import { alarmShades } from "../shared/chart-values.ts";
import { seriesLabel } from "../shared/monitor-words.ts";
import { tracesBehind } from "../shared/traces-behind.ts";
import type { PreviewSeries } from "../shared/use-monitors.ts";
import { EvidenceChart, ValueChart } from "../shared/value-chart.tsx";

const HEIGHT = 220;
const EVIDENCE_HEIGHT = 110;

type ChartProps = { series: PreviewSeries; settings: MonitorInput; end: string };

/** One series of a preview with its alarms. A click or a drag opens the traces of that time. */
export function PreviewChart({ series: { series, points, alarms }, settings, end }: ChartProps) {
  const navigate = useNavigate();
  const open = (from: Date, to: Date) => {
    const time = { from: from.toISOString(), to: to.toISOString() };
    void navigate({ to: "/traces", search: tracesBehind(settings.source, series, time) });
  };
  const shared = { points, onOpen: open, onZoom: open };
  return (
    <>
      <ValueChart
        {...shared}
        title={seriesLabel(series)}
        settings={settings}
        shades={alarmShades(alarms, { end, windowSeconds: settings.windowSeconds })}
        height={HEIGHT}
      />
      {settings.condition.kind === "change" && (
        <EvidenceChart {...shared} windowSeconds={settings.windowSeconds} height={EVIDENCE_HEIGHT} />
      )}
    </>
  );
}
