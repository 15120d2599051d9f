import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatDuration, formatMoney, formatPercent } from "../../../components/text/format.ts";
import type { OffPolicy, OffPolicyBody } from "./use-replays.ts";

type Kind = OffPolicyBody["metric"]["kind"];
type Row = { id: string; name: string; value: number; low: number; high: number };

const METHODS: Readonly<Record<OffPolicy["estimates"][number]["method"], string>> = {
  "doubly-robust": "Doubly robust",
  "self-normalized": "Self-normalized weights",
  ips: "Inverse propensity weights",
};

/** The estimates with their intervals, next to the mean of the logged traffic. */
export function OffPolicyResult({ result, metric }: { result: OffPolicy; metric: Kind }) {
  const { logged, estimates, warnings } = result;
  const rows: Row[] = [
    ...estimates.map(({ method, ...numbers }) => ({ id: method, name: METHODS[method], ...numbers })),
    { id: "logged", name: "Logged traffic", ...logged },
  ];
  return (
    <div className="flex flex-col gap-3" aria-live="polite">
      <div className="-mx-4 border-line border-y">
        <PlainTable label="Estimates" rows={rows} idOf={({ id }) => id} columns={columnsOf(formatOf(metric))} />
      </div>
      <p className="text-sm text-muted">{basisOf(result)}</p>
      {warnings.map((warning) => (
        <p key={warning} className="rounded-control bg-warn-soft px-3 py-2 [overflow-wrap:anywhere]">
          {warning}
        </p>
      ))}
    </div>
  );
}

const columnsOf = (number: (value: number) => string): readonly PlainColumn<Row>[] => [
  { id: "name", header: "Estimate", className: "w-full", cell: ({ name }) => name },
  { id: "value", header: "Value", isNumber: true, cell: ({ value }) => number(value) },
  {
    id: "interval",
    header: "95% interval",
    isNumber: true,
    cell: ({ low, high }) => `${number(low)} to ${number(high)}`,
  },
];

function basisOf({ units, calls, effectiveUnits, leftOut }: OffPolicy): string {
  const excluded = leftOut.withoutPropensity + leftOut.withoutChoice + leftOut.withoutValue;
  const words = `${formatCount(units)} units with ${formatCount(calls)} calls. They are worth ${formatCount(Math.round(effectiveUnits))} units of this policy.`;
  return excluded === 0 ? words : `${words} ${formatCount(excluded)} calls are not comparable and were excluded.`;
}

function formatOf(metric: Kind): (value: number) => string {
  switch (metric) {
    case "error":
      return formatPercent;
    case "cost":
      return formatMoney;
    case "latency":
      return formatDuration;
    case "score":
      return (value) => value.toFixed(3);
    default:
      return metric satisfies never;
  }
}
