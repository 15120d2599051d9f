import { Link } from "@tanstack/react-router";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatPercent } from "../../../../components/text/format.ts";
import { Verdict } from "../shared/verdict.tsx";
import { isJudging, type Judging } from "./use-judgings.ts";

/** Pairwise comparisons with their results. */
export function JudgingList({ judgings }: { judgings: readonly Judging[] | undefined }) {
  return (
    <PlainTable label="Pairwise comparisons" columns={COLUMNS} rows={judgings} idOf={({ judgingId }) => judgingId} />
  );
}

const COLUMNS: readonly PlainColumn<Judging>[] = [
  {
    id: "runs",
    header: "Runs",
    className: "w-full min-w-40",
    cell: ({ judgingId, runs }) => (
      <Link
        to="/experiments/judgings/$judgingId"
        params={{ judgingId }}
        className="font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {runs.map(({ name }) => name).join(" · ")}
      </Link>
    ),
  },
  {
    id: "judge",
    header: "Judge",
    isWide: true,
    cell: ({ judge }) => (
      <>
        {judge.name} <span className="text-muted">{judge.model}</span>
      </>
    ),
  },
  {
    id: "items",
    header: "Items",
    isNumber: true,
    isWide: true,
    cell: ({ items }) => (items === null ? "–" : formatCount(items)),
  },
  { id: "result", header: "Result", cell: (judging) => <Outcome judging={judging} /> },
  { id: "made", header: "Started", isNumber: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];

/** The verdict for two runs, or the leader of more runs. */
function Outcome({ judging }: { judging: Judging }) {
  const { result, status, runs, done, planned } = judging;
  if (isJudging(judging))
    return <span className="num text-info">{planned ? formatPercent(done / planned) : status}</span>;
  const [pair] = result?.pairs ?? [];
  if (status !== "done" || !pair) return <span className="text-muted">{status}</span>;
  const [leader] = result?.leaderboard ?? [];
  if (leader) return <>{runs.find(({ runId }) => runId === leader.runId)?.name} leads</>;
  return (
    <span className="inline-flex items-center gap-2">
      <Verdict verdict={pair.verdict} />
      {pair.winRate !== null && <span className="num text-muted">{formatPercent(pair.winRate)}</span>}
    </span>
  );
}
