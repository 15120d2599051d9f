import { AgoCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../../components/table/row-keys.ts";
import { formatCount } from "../../../../components/text/format.ts";
import { IncidentLink } from "../shared/incident-link.tsx";
import { StateBadge } from "../shared/monitor-state.tsx";
import { evidenceText, seriesLabel, unitOfValues, valueText } from "../shared/monitor-words.ts";
import type { Monitor, MonitorSeries } from "../shared/use-monitors.ts";

type TableProps = {
  monitor: Monitor;
  series: readonly MonitorSeries[];
  chosen: string;
  onChoose: (series: string) => void;
};

/** The series, firing ones first. The keys j and k move through them, Enter shows one in the chart. */
export function SeriesTable({ monitor, series, chosen, onChoose }: TableProps) {
  const box = useRowKeys("Series");
  return (
    <div ref={box}>
      <PlainTable
        label="Series"
        columns={columnsFor(monitor, chosen, onChoose)}
        rows={series}
        idOf={(one) => one.series}
        onOpen={(one) => onChoose(one.series)}
      />
    </div>
  );
}

const EVIDENCE: PlainColumn<MonitorSeries> = {
  id: "evidence",
  header: <span title="1 or more fires">Evidence</span>,
  isNumber: true,
  isWide: true,
  cell: ({ last }) => (last && last.evidence !== null ? evidenceText(last.evidence) : "–"),
};

const SINCE: readonly PlainColumn<MonitorSeries>[] = [
  { id: "since", header: "Since", isWide: true, cell: ({ since }) => <AgoCell iso={since} /> },
  {
    id: "incident",
    header: <span className="sr-only">Incident</span>,
    cell: ({ incidentId }) => <IncidentLink incidentId={incidentId} />,
  },
];

function columnsFor(
  monitor: Monitor,
  chosen: string,
  onChoose: TableProps["onChoose"],
): readonly PlainColumn<MonitorSeries>[] {
  return [
    {
      id: "state",
      header: "State",
      className: "w-36",
      cell: (one) => <StateBadge state={one.state} severity={one.severity} />,
    },
    {
      id: "series",
      header: "Series",
      className: "w-full min-w-28",
      cell: ({ series }) => <NameCell series={series} isChosen={series === chosen} onChoose={onChoose} />,
    },
    {
      id: "value",
      header: "Value",
      isNumber: true,
      cell: ({ last }) => <ValueCell last={last} unit={unitOfValues(monitor)} />,
    },
    ...(monitor.condition.kind === "change" ? [EVIDENCE] : []),
    ...SINCE,
  ];
}

type NameProps = { series: string; isChosen: boolean; onChoose: TableProps["onChoose"] };

const NameCell = ({ series, isChosen, onChoose }: NameProps) => (
  <button
    type="button"
    data-row
    aria-pressed={isChosen}
    title={isChosen ? "Shown in the chart" : "Show in the chart"}
    onClick={(event) => {
      event.stopPropagation();
      onChoose(series);
    }}
    className="text-left [overflow-wrap:anywhere] hover:underline aria-pressed:font-medium aria-pressed:text-accent"
  >
    <bdi>{seriesLabel(series)}</bdi>
  </button>
);

function ValueCell({ last, unit }: { last: MonitorSeries["last"]; unit: string }) {
  if (!last || last.value === null) return <span className="text-muted">no data</span>;
  const { value, lower, upper, n } = last;
  return (
    <span title={`n = ${formatCount(n)}`}>
      {valueText(value, unit)}
      {lower !== null && upper !== null && (
        <span className="text-xs text-muted max-sm:hidden">
          {" "}
          {valueText(lower, unit)} to {valueText(upper, unit)}
        </span>
      )}
    </span>
  );
}
