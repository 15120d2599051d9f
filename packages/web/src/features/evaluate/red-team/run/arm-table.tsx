import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatPercent } from "../../../../components/text/format.ts";
import { differenceRange, differenceWords, IntervalBar, pWords, Verdict } from "../../experiments/index.ts";
import { rateWords } from "../shared/rate-words.ts";
import type { Group, Rate } from "../shared/use-red-team.ts";

type Result = Group["arms"][number];
type Row = { readonly id: string; readonly name: string; readonly arm: string; readonly result: Result };
type TableProps = {
  label: string;
  /** The name of the first column; none for a table of arms only. */
  header?: string;
  groups: readonly { readonly name: string; readonly group: Group }[];
  arms: readonly string[];
};

const SHARE = { type: "boolean", min: 0, max: 1, unit: "" } as const;

/** The arms of each group: success, its difference from the first arm, and over-refusal. */
export function ArmTable({ label, header, groups, arms }: TableProps) {
  const rows = groups.flatMap(({ name, group }) =>
    group.arms.map(
      (result, at): Row => ({ id: `${name} ${at}`, name: at === 0 ? name : "", arm: arms[at] ?? "", result }),
    ),
  );
  const first: readonly PlainColumn<Row>[] =
    header === undefined ? [] : [{ id: "name", header, className: "min-w-28 font-medium", cell: ({ name }) => name }];
  return <PlainTable label={label} columns={[...first, ...COLUMNS]} rows={rows} idOf={({ id }) => id} />;
}

const COLUMNS: readonly PlainColumn<Row>[] = [
  { id: "arm", header: "Arm", className: "w-full min-w-28", cell: ({ arm }) => arm },
  {
    id: "attacks",
    header: "Attacks that succeeded",
    cell: ({ result }) => <RateCell rate={result.attacks} label="Attack success" />,
  },
  { id: "difference", header: "Change", isWide: true, cell: ({ result }) => <DifferenceCell {...result} /> },
  {
    id: "verdict",
    header: "Verdict",
    cell: ({ result: { difference } }) =>
      difference ? <Verdict verdict={difference.verdict} moreItems={difference.moreItems} /> : "–",
  },
  {
    id: "harmless",
    header: "Harmless refused",
    isWide: true,
    cell: ({ result }) => <RateCell rate={result.harmless} label="Harmless requests refused" />,
  },
];

function RateCell({ rate, label }: { rate: Rate; label: string }) {
  if (rate.rate === null) return <span className="text-muted">–</span>;
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap" title={rateWords(rate)}>
      <span className="num min-w-12 text-right font-medium">{formatPercent(rate.rate)}</span>
      <span className="max-md:hidden">
        <IntervalBar
          label={`${label}: ${rateWords(rate)}`}
          value={rate.rate}
          interval={rate.interval}
          from={0}
          to={1}
          width={90}
        />
      </span>
      <span className="num text-xs text-muted">
        {formatCount(rate.count)} of {formatCount(rate.n)}
        {rate.isSmall && ", too few"}
      </span>
    </span>
  );
}

function DifferenceCell({ difference }: Pick<Result, "difference">) {
  if (!difference) return <span className="text-muted">baseline</span>;
  return (
    <span className="num flex flex-col whitespace-nowrap" title="McNemar's exact test on the same attacks">
      <span>{differenceWords(difference.difference, SHARE)}</span>
      <span className="text-xs text-muted">
        {differenceRange(difference.interval, SHARE)} p {pWords(difference.adjustedPValue)}
      </span>
    </span>
  );
}
