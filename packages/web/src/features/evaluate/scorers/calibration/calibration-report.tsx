import { Link } from "@tanstack/react-router";
import { Section } from "../../../../components/layout/page.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatExactTime, formatNumberOf } from "../../../../components/text/format.ts";
import { ConfusionTable } from "./confusion-table.tsx";
import { type Calibration, type Pair, type Report, useCalibrationPairs } from "./use-calibrations.ts";

type Estimate = Report["kappa"];
type Fact = { name: string; help: string; estimate: Estimate; isShare: boolean };

const factsOf = ({ agreement, kappa, alpha, bias, sensitivity, specificity, scale }: Report): readonly Fact[] => [
  { name: "Agreement", help: "The share of answers that both rate the same", estimate: agreement, isShare: true },
  {
    name: "κ (Cohen)",
    help: "Agreement beyond chance: 0 is chance, 1 is full agreement",
    estimate: kappa,
    isShare: false,
  },
  {
    name: "α (Krippendorff)",
    help: "Agreement beyond chance, with another chance model",
    estimate: alpha,
    isShare: false,
  },
  { name: "Bias", help: "Above 0 the scorer is more generous than people", estimate: bias, isShare: scale === "pass" },
  {
    name: "Sensitivity",
    help: "The share of answers passed by people that the scorer also passes",
    estimate: sensitivity,
    isShare: true,
  },
  {
    name: "Specificity",
    help: "The share of answers failed by people that the scorer also fails",
    estimate: specificity,
    isShare: true,
  },
];

/** The agreement of a scorer with people, its errors, and the affected answers. */
export function CalibrationReport({
  calibration: { report, alarm, createdAt, version, calibrationId },
}: {
  calibration: Calibration;
}) {
  return (
    <div className="flex flex-col gap-4">
      {alarm && (
        <p role="alert" className="rounded-control bg-bad-soft px-3 py-2">
          {alarm.message}
        </p>
      )}
      {report.warnings.map((warning) => (
        <p key={warning} className="rounded-control bg-warn-soft px-3 py-2">
          {warning}
        </p>
      ))}
      <Section
        title={`Version ${version} compared with people`}
        description={`${formatNumberOf(report.pairs, "pair")}${report.unusable > 0 ? `, ${formatCount(report.unusable)} more could not be used` : ""}, ${formatExactTime(createdAt)}`}
        className="overflow-hidden"
      >
        <PlainTable label="Agreement" columns={FACTS} rows={factsOf(report)} idOf={({ name }) => name} />
      </Section>
      {report.confusion && <ConfusionTable {...report.confusion} />}
      {report.slices.length > 0 && (
        <Section
          title="Errors by slice"
          description={`${report.scale === "number" ? "The mean distance between the scorer and people" : "The share of answers on which the scorer and people disagree"}, by slice. The p-values are corrected for the number of slices.`}
          className="overflow-hidden"
        >
          <PlainTable
            label="Errors by slice"
            columns={slicesFor(report.scale !== "number")}
            rows={report.slices}
            idOf={({ field, value }) => `${field}=${value}`}
          />
        </Section>
      )}
      <Pairs calibrationId={calibrationId} />
    </div>
  );
}

function write({ value, interval, reason }: Estimate, isShare: boolean) {
  const text = (number: number) => inWords(number, isShare);
  if (value === null) return <span className="text-muted">{reason || "–"}</span>;
  return (
    <>
      <span className="font-medium">{text(value)}</span>
      {interval && (
        <span className="ml-2 text-xs text-muted">
          [{text(interval.low)}, {text(interval.high)}]
        </span>
      )}
    </>
  );
}

/** A percentage for shares, otherwise a number, with a real minus sign. */
const inWords = (number: number, isShare: boolean): string =>
  (isShare ? `${(number * 100).toFixed(1)}%` : number.toFixed(2)).replace("-", "−");

const FACTS: readonly PlainColumn<Fact>[] = [
  {
    id: "name",
    header: "Measure",
    className: "w-full",
    cell: ({ name, help }) => (
      <>
        {name} <span className="text-muted max-md:hidden">{help}</span>
      </>
    ),
  },
  { id: "value", header: "Value", isNumber: true, cell: ({ estimate, isShare }) => write(estimate, isShare) },
];

const slicesFor = (isShare: boolean): readonly PlainColumn<Report["slices"][number]>[] => [
  {
    id: "slice",
    header: "Slice",
    className: "w-full min-w-32",
    cell: ({ field, value, isWorse }) => (
      <>
        <span className="text-muted">{field} = </span>
        <span className="font-medium">{value}</span>
        {isWorse && <span className="ml-2 text-bad"> ● worse than other slices</span>}
      </>
    ),
  },
  { id: "pairs", header: "n", isNumber: true, cell: ({ pairs }) => formatCount(pairs) },
  { id: "error", header: "Error", isNumber: true, cell: ({ error }) => inWords(error, isShare) },
  {
    id: "others",
    header: "Others",
    isNumber: true,
    isWide: true,
    cell: ({ otherError }) => <span className="text-muted">{inWords(otherError, isShare)}</span>,
  },
  {
    id: "p",
    header: "Corrected p",
    isNumber: true,
    isWide: true,
    cell: ({ adjustedPValue: p }) => (p === null ? "–" : p < 0.001 ? "< 0.001" : p.toFixed(3)),
  },
];

function Pairs({ calibrationId }: { calibrationId: string }) {
  const list = useCalibrationPairs(calibrationId);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Section title="Pairs" description="The largest differences come first." className="overflow-hidden">
      <PlainTable label="Pairs" columns={PAIRS} rows={rows} idOf={({ key }) => key} />
      <MoreRows list={list} />
    </Section>
  );
}

const PAIRS: readonly PlainColumn<Pair>[] = [
  {
    id: "key",
    header: "Answer",
    cell: ({ key, traceId, spanId }) =>
      traceId ? (
        <Link
          to="/traces/$traceId"
          params={{ traceId }}
          search={spanId ? { span: spanId } : {}}
          className="text-accent underline underline-offset-2 [overflow-wrap:anywhere]"
        >
          {spanId ? <code className="text-xs whitespace-nowrap">{spanId.slice(0, 8)}</code> : key}
        </Link>
      ) : (
        <span className="[overflow-wrap:anywhere]">{key}</span>
      ),
  },
  { id: "human", header: "People", className: "whitespace-nowrap", cell: ({ human }) => human },
  {
    id: "judge",
    header: "Scorer",
    className: "whitespace-nowrap",
    cell: ({ judge, distance }) => <span className={distance > 0 ? "font-medium text-bad" : ""}>{judge}</span>,
  },
  {
    id: "reason",
    header: "Scorer's reason",
    isWide: true,
    className: "w-full",
    cell: ({ reason }) => <span className="line-clamp-2 text-muted">{reason}</span>,
  },
];
