import { Link } from "@tanstack/react-router";
import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount } from "../../../components/text/format.ts";
import { formatHarm, formatValue, metricWords } from "../comparisons/index.ts";
import { VERDICTS } from "./ab-test-words.tsx";
import { HarmInterval } from "./harm-interval.tsx";
import type { AbTest, ArmReport, Finding, Report } from "./use-ab-tests.ts";

type Row = { readonly arm: ArmReport; readonly finding: Finding; readonly scale: number };

/** A table for each metric: the arms with their means, intervals and verdicts. */
export function MetricTables({ test, report }: { test: AbTest; report: Pick<Report, "arms"> }) {
  const keys = report.arms[0]?.metrics.map(({ key }) => key) ?? [];
  return keys.map((key) => <MetricTable key={key} test={test} rows={rowsOf(report, key)} />);
}

function rowsOf({ arms }: Pick<Report, "arms">, key: string): Row[] {
  const found = arms.flatMap((arm) => {
    const finding = arm.metrics.find((metric) => metric.key === key);
    return finding ? [{ arm, finding }] : [];
  });
  const ends = found.flatMap(({ finding: { lowerBound, upperBound, margin } }) => [
    Math.abs(lowerBound ?? 0),
    Math.abs(upperBound ?? 0),
    margin * 1.5,
  ]);
  const scale = Math.max(...ends);
  return found.map((row) => ({ ...row, scale }));
}

function MetricTable({ test, rows }: { test: AbTest; rows: readonly Row[] }) {
  const [first] = rows;
  if (!first) return null;
  const { metric, margin } = first.finding;
  const title = metricWords(metric);
  return (
    <Section
      title={title}
      description={`Margin ${formatHarm(margin, metric).replace("+", "")}. Right of the middle line is worse than the control.`}
      className="overflow-hidden"
    >
      <PlainTable label={title} columns={columnsOf(test)} rows={rows} idOf={({ arm }) => arm.variant} />
    </Section>
  );
}

const columnsOf = (test: AbTest): readonly PlainColumn<Row>[] => [
  { id: "variant", header: "Variant", className: "min-w-28", cell: (row) => <Variant row={row} test={test} /> },
  { id: "value", header: "Mean", isNumber: true, cell: ({ finding }) => <Mean finding={finding} /> },
  {
    id: "verdict",
    header: "Verdict",
    className: "whitespace-nowrap",
    cell: ({ finding }) => <Verdict finding={finding} />,
  },
  { id: "harm", header: "Difference", className: "w-full min-w-44", cell: (row) => <Difference row={row} /> },
  {
    id: "traces",
    header: <span className="sr-only">Traces</span>,
    cell: (row) => <TracesLink row={row} test={test} />,
  },
];

const Variant = ({ row: { arm }, test }: { row: Row; test: AbTest }) => (
  <span className="flex flex-col">
    <span className="font-medium [overflow-wrap:anywhere]">{arm.variant}</span>
    {arm.variant === test.control && <span className="text-xs text-muted">control</span>}
  </span>
);

const Mean = ({ finding: { value, metric, units } }: { finding: Finding }) => (
  <span className="flex flex-col items-end">
    <span>{formatValue(value, metric)}</span>
    <span className="text-xs text-muted">{formatCount(units)} units</span>
  </span>
);

const TracesLink = ({ row: { arm }, test }: { row: Row; test: AbTest }) => (
  <Link
    to="/traces"
    search={{ view: "spans", filter: arm.filter, ...rangeOf(test) }}
    aria-label={`Traces of ${arm.variant}`}
    className="text-muted underline-offset-2 hover:text-text hover:underline"
  >
    Traces
  </Link>
);

const rangeOf = ({ startedAt, endedAt }: AbTest) =>
  startedAt === null ? {} : { from: startedAt, to: endedAt ?? new Date().toISOString() };

function Difference({ row: { finding, scale } }: { row: Row }) {
  const { metric, harm, lowerBound, upperBound, explained, verdict } = finding;
  if (verdict === null) return <span className="text-muted">–</span>;
  if (harm === null || lowerBound === null || upperBound === null)
    return <span className="text-xs text-muted">An interval needs 100 units of each variant</span>;
  const words = `${formatHarm(harm, metric)} (${formatHarm(lowerBound, metric)} to ${formatHarm(upperBound, metric)})`;
  return (
    <span className="flex max-w-xl flex-col gap-1">
      <HarmInterval finding={finding} scale={scale} words={words} />
      <span className="num text-xs text-muted">
        {words}
        {explained !== null && `, the users' past explains ${Math.round(explained * 100)}% of the spread`}
      </span>
    </span>
  );
}

function Verdict({ finding: { verdict, isNotWorse, moreUnits } }: { finding: Finding }) {
  if (verdict === null) return <span className="text-muted">–</span>;
  const { word, look } = VERDICTS[verdict];
  const isOpen = verdict === "collecting" || verdict === "inconclusive";
  return (
    <span className="flex flex-col">
      <span className={look}>● {word}</span>
      {isOpen && (
        <span className="text-xs text-muted">
          {moreUnits === null
            ? "Too close to decide"
            : `About ${formatCount(Number(moreUnits.toPrecision(2)))} more units`}
        </span>
      )}
      {verdict === "inconclusive" && isNotWorse && <span className="text-xs text-muted">Not worse by the margin</span>}
    </span>
  );
}
