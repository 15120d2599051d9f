import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { rateWords } from "../shared/rate-words.ts";
import type { Report } from "../shared/use-red-team.ts";

type Risk = Report["risks"][number];

/** The entries of the public lists of risks that the run has tested. */
export function RiskTable({ report, names }: { report: Report; names: Readonly<Record<string, string>> }) {
  const plugins: PlainColumn<Risk> = {
    id: "plugins",
    header: "Plugins",
    isWide: true,
    className: "w-1/2 min-w-60",
    cell: (risk) => risk.plugins.map((plugin) => names[plugin]).join(", "),
  };
  const columns = [ENTRY, plugins, ...report.arms.map(armColumn)];
  return <PlainTable label="Lists of risks" columns={columns} rows={report.risks} idOf={({ entry }) => entry} />;
}

const ENTRY: PlainColumn<Risk> = {
  id: "entry",
  header: "Entry",
  className: "w-1/2 min-w-40",
  cell: ({ list, entry, title }) => (
    <span className="flex flex-col">
      <span className="font-medium">
        {entry} {title}
      </span>
      <span className="text-xs text-muted">{list}</span>
    </span>
  ),
};

const armColumn = (name: string, at: number): PlainColumn<Risk> => ({
  id: `arm-${at}`,
  header: name,
  isNumber: true,
  cell: ({ attacks }) => {
    const rate = attacks[at];
    return rate ? <span title={rateWords(rate)}>{`${rate.count} of ${rate.n}`}</span> : "–";
  },
});
