import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { type RangeSearch, timeOf } from "../../../../components/time/time-range.ts";
import { TimeRangePicker } from "../../../../components/time/time-range-picker.tsx";
import { firingShades } from "../shared/chart-values.ts";
import { seriesLabel } from "../shared/monitor-words.ts";
import { tracesBehind } from "../shared/traces-behind.ts";
import { MOST_POINTS, type Monitor, type MonitorPoint, useMonitorPoints } from "../shared/use-monitors.ts";
import { EvidenceChart, ValueChart } from "../shared/value-chart.tsx";
import { StateStrip } from "./state-strip.tsx";

const route = getRouteApi("/shell/monitors/$monitorId");
const HEIGHT = 240;
const EVIDENCE_HEIGHT = 120;

/** The values of one series over time, with its states. A drag zooms, a click opens the traces of a window. */
export function SeriesCourse({ monitor, series }: { monitor: Monitor; series: string }) {
  const { range, from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const time = { range, from, to };
  const { data, error, refetch, isPlaceholderData } = useMonitorPoints(monitor, series, time);
  const change = (next: RangeSearch) => void navigate({ search: (old) => ({ ...old, ...next }) });
  return (
    <section aria-label="Course" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="min-w-0 font-semibold [overflow-wrap:anywhere]">{seriesLabel(series)}</h2>
        <TimeRangePicker value={time} onChange={change} />
      </div>
      {error && !data && <ErrorState error={error} retry={() => refetch()} title="The values could not be loaded" />}
      {!error && !data && <Skeleton className="h-72 rounded-card" />}
      {data && (
        <div className={`flex flex-col gap-2 transition-opacity duration-150 ${isPlaceholderData ? "opacity-60" : ""}`}>
          <Charts
            monitor={monitor}
            series={series}
            points={data.points}
            onZoom={(start, end) => change(timeOf(start, end))}
          />
          {data.isCut && <CutNote points={data.points} />}
        </div>
      )}
    </section>
  );
}

type ChartsProps = {
  monitor: Monitor;
  series: string;
  points: readonly MonitorPoint[];
  onZoom: (from: Date, to: Date) => void;
};

function Charts({ monitor, series, points, onZoom }: ChartsProps) {
  const navigate = useNavigate();
  const onOpen = (from: Date, to: Date) => {
    const time = { from: from.toISOString(), to: to.toISOString() };
    void navigate({ to: "/traces", search: tracesBehind(monitor.source, series, time) });
  };
  const shared = { points, onZoom, onOpen };
  return (
    <>
      <ValueChart {...shared} title="Value" settings={monitor} shades={firingShades(points, monitor)} height={HEIGHT} />
      <StateStrip points={points} timing={monitor} />
      {monitor.condition.kind === "change" && (
        <EvidenceChart {...shared} windowSeconds={monitor.windowSeconds} height={EVIDENCE_HEIGHT} />
      )}
    </>
  );
}

/** The chart does not reach the end of the time range. */
function CutNote({ points }: { points: readonly MonitorPoint[] }) {
  const navigate = route.useNavigate();
  const last = points.at(-1);
  const next = () =>
    last &&
    void navigate({
      search: (old) => ({ ...old, ...timeOf(new Date(last.at), new Date()) }),
    });
  return (
    <p className="flex flex-wrap items-center gap-2 text-muted">
      The chart shows the first {formatCount(MOST_POINTS)} evaluations of this time range. Choose a shorter time range.
      <Button size="small" onClick={next}>
        Show the following
      </Button>
    </p>
  );
}
