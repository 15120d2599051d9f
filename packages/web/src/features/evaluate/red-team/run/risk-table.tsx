import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { rateWords } from "../shared/rate-words.ts";
import type { Report } from "../shared/use-red-team.ts";

type Risk = Report["risks"][number];

/** The entries of the public lists of risks that the run has tested. */
export function RiskTable({ report, names }: { report: Report; names: Readonly<Record<string, string>> }) {
  const columns: readonly PlainColumn<Risk>[] = [
    {
      id: "entry",
      header: "Entry",
      className: "w-1/2 min-w-40",
      cell: ({ list, id, title }) => (
        <span className="flex flex-col">
          <span className="font-medium">
            {id} {title}
          </span>
          <span className="text-xs text-muted">{list}</span>
        </span>
      ),
    },
    {
      id: "plugins",
      header: "Plugins",
      isWide: true,
      className: "w-1/2 min-w-60",
      cell: ({ plugins }) => plugins.map((plugin) => names[plugin]).join(", "),
    },
    ...report.arms.map(
      (name, at): PlainColumn<Risk> => ({
        id: `arm-${at}`,
        header: name,
        isNumber: true,
        cell: ({ attacks }) => {
          const rate = attacks[at];
          return rate ? <span title={rateWords(rate)}>{`${rate.count} of ${rate.n}`}</span> : "–";
        },
      }),
    ),
  ];
  return <PlainTable label="Lists of risks" columns={columns} rows={report.risks} idOf={({ id }) => id} />;
}
