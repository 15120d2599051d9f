import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { IntervalBar } from "../shared/interval-bar.tsx";
import type { Judging } from "./use-judgings.ts";

type Row = NonNullable<Judging["result"]>["leaderboard"][number];

/** A ranking of more than two runs by strength; hidden for two runs. */
export function JudgingBoard({ judging: { result, runs } }: { judging: Judging }) {
  const rows = result?.leaderboard ?? [];
  if (rows.length === 0) return null;
  const nameOf = (id: string) => runs.find(({ runId }) => runId === id)?.name ?? id;
  const isOpen = rows.some(({ strength }) => strength === null);
  return (
    <Section title="Leaderboard" className="overflow-hidden">
      <PlainTable label="Leaderboard" columns={columnsFor(rows, nameOf)} rows={rows} idOf={({ runId }) => runId} />
      <p className="max-w-200 px-4 py-2 text-xs text-muted text-pretty">
        {isOpen
          ? "A run that won or lost every comparison has no finite strength. It is placed by the items that it won."
          : "Strength is a Bradley-Terry rating on the Elo scale. The average is 1,000, and 100 points more mean about 64% wins. Intervals come from resampling the items. Runs with overlapping intervals may be equally strong."}
      </p>
    </Section>
  );
}

function columnsFor(rows: readonly Row[], nameOf: (id: string) => string): readonly PlainColumn<Row>[] {
  const ends = rows.flatMap(({ strength, interval }) =>
    strength === null ? [] : [strength, interval?.low ?? strength, interval?.high ?? strength],
  );
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  return [
    { id: "rank", header: "Rank", isNumber: true, cell: ({ rank }) => <span className="font-medium">{rank}</span> },
    {
      id: "run",
      header: "Run",
      className: "w-full min-w-32",
      cell: ({ runId }) => <span className="font-medium [overflow-wrap:anywhere]">{nameOf(runId)}</span>,
    },
    {
      id: "strength",
      header: "Strength",
      isNumber: true,
      cell: ({ strength, interval }) => {
        if (strength === null) return <span className="text-muted">–</span>;
        const words = interval ? `[${formatCount(interval.low)}, ${formatCount(interval.high)}]` : "no interval";
        return (
          <span className="inline-flex items-center gap-3">
            <span className="max-md:hidden">
              <IntervalBar
                label={`${formatCount(strength)} ${words}`}
                value={strength}
                interval={interval}
                from={from}
                to={to}
                width={160}
              />
            </span>
            <span className="min-w-24">
              <span className="font-medium">{formatCount(strength)}</span>
              <span className="block text-xs text-muted">{words}</span>
            </span>
          </span>
        );
      },
    },
    {
      id: "counts",
      header: "Won / tied / lost",
      isNumber: true,
      cell: ({ wins, ties, losses }) => `${formatCount(wins)} / ${formatCount(ties)} / ${formatCount(losses)}`,
    },
  ];
}
