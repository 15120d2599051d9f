import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Trophy } from "lucide-react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Select } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { DurationCell, MoneyCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { useDatasetChoices } from "../../../system/choices/index.ts";
import { formatValue } from "../../scorers/index.ts";
import { JudgingList } from "../judging/judging-list.tsx";
import { useJudgings } from "../judging/use-judgings.ts";
import type { BoardSearch } from "../shared/experiment-search.ts";
import { IntervalBar } from "../shared/interval-bar.tsx";
import { type Board, useLeaderboard, useRuns } from "../shared/use-runs.ts";
import type { Output } from "../shared/words.ts";

const route = getRouteApi("/shell/experiments/leaderboard");
const WAYS = ["score", "pairwise"] as const;
const WAY_WORDS = { score: "Score", pairwise: "Pairwise wins" } as const;
type Row = Board["items"][number];

/** Ranks the runs on a dataset by a score, or by pairwise wins. */
export function LeaderboardPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const datasets = useDatasetChoices();
  const datasetId =
    search.dataset ??
    datasets.data?.find(({ isEvaluation }) => isEvaluation)?.datasetId ??
    datasets.data?.[0]?.datasetId;
  const by = search.by === "pairwise" ? "pairwise" : "score";
  const runs = useRuns({ search: "", datasetId });
  const scorers = [
    ...new Map(
      (datasetId ? runs.data?.items : [])?.flatMap((run) => run.scorers).map((one) => [one.key, one]),
    ).values(),
  ];
  const board = useLeaderboard({ datasetId, scorer: search.scorer, by });
  const change = (next: BoardSearch) =>
    void navigate({ to: "/experiments/leaderboard", search: (old) => ({ ...old, ...next }), replace: true });
  const judgings = useJudgings({ datasetId });
  const output = scorers.find(({ key }) => key === board.data?.scorer)?.output;
  const isEmpty = datasets.data?.length === 0 || board.data?.items.length === 0;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label="Dataset"
          value={datasetId ?? ""}
          onChange={({ target }) => change({ dataset: target.value, scorer: undefined })}
          className="w-56!"
        >
          {!datasetId && <option value="">Choose a dataset</option>}
          {datasets.data?.map(({ datasetId: value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </Select>
        {scorers.length > 1 && (
          <Select
            aria-label="Score"
            value={search.scorer ?? board.data?.scorer ?? ""}
            onChange={({ target }) => change({ scorer: target.value })}
            className="w-48!"
          >
            {scorers.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </Select>
        )}
        <Choice
          label="Rank by"
          names={WAYS}
          words={WAY_WORDS}
          chosen={by}
          onChoose={(way) => change({ by: way === "score" ? undefined : way })}
        />
      </div>
      {board.error && !board.data ? (
        <ErrorState error={board.error} retry={() => board.refetch()} title="The leaderboard could not be computed" />
      ) : isEmpty ? (
        <EmptyState title="No runs on this dataset yet" icon={<Trophy size={22} />}>
          The newest run of each variant appears here when it has a score.
        </EmptyState>
      ) : (
        <>
          {board.data && board.data.warnings.length > 0 && (
            <ul className="rounded-control bg-warn-soft px-3 py-2">
              {board.data.warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          )}
          <div className={`card overflow-hidden ${board.isPlaceholderData ? "opacity-60" : ""}`}>
            <PlainTable
              label="Leaderboard"
              columns={columnsFor(board.data, output)}
              rows={datasetId ? board.data?.items : []}
              idOf={({ run }) => run.runId}
            />
          </div>
          <p className="text-xs text-muted">
            {by === "pairwise"
              ? "Strength is a Bradley-Terry rating on the Elo scale. The average is 1,000, and 100 points more mean about 64% wins. Runs with overlapping intervals may be equally strong."
              : "Runs share a rank if their difference could be chance."}
          </p>
          {judgings.data && judgings.data.length > 0 && (
            <Section title="Pairwise comparisons" className="overflow-hidden">
              <JudgingList judgings={judgings.data} />
            </Section>
          )}
        </>
      )}
    </>
  );
}

const STRENGTH: Pick<Output, "type" | "min" | "max" | "unit"> = { type: "number", min: null, max: null, unit: "" };

function columnsFor(board: Board | undefined, found: Output | undefined): readonly PlainColumn<Row>[] {
  const rows = board?.items ?? [];
  const output = board?.by === "pairwise" ? STRENGTH : (found ?? STRENGTH);
  const ends = rows.flatMap(({ value, interval }) =>
    value === null ? [] : [value, interval?.low ?? value, interval?.high ?? value],
  );
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  return [
    { id: "rank", header: "Rank", isNumber: true, cell: ({ rank }) => <span className="font-medium">{rank}</span> },
    {
      id: "run",
      header: "Run",
      className: "w-full min-w-40",
      cell: ({ run }) =>
        run.experimentId ? (
          <Link
            to="/experiments/$experimentId"
            params={{ experimentId: run.experimentId }}
            className="[overflow-wrap:anywhere] hover:underline"
          >
            <span className="font-medium">{run.name}</span> <span className="text-muted">{run.experimentName}</span>
          </Link>
        ) : (
          <span className="font-medium">{run.name}</span>
        ),
    },
    {
      id: "value",
      header: board?.by === "pairwise" ? "Strength" : "Score",
      isNumber: true,
      cell: ({ value, interval }) => (
        <span className="inline-flex items-center gap-3">
          <span className="max-md:hidden">
            {value !== null && (
              <IntervalBar
                label={`${formatValue(value, output)} ${words(interval, output)}`}
                value={value}
                interval={interval}
                from={from}
                to={to}
                width={160}
              />
            )}
          </span>
          <span>
            <span className="font-medium">{formatValue(value, output)}</span>
            <span className="block text-xs text-muted">{words(interval, output)}</span>
          </span>
        </span>
      ),
    },
    { id: "items", header: "n", isNumber: true, cell: ({ items }) => formatCount(items) },
    ...(board?.by === "pairwise"
      ? [
          {
            id: "wins",
            header: "Items won",
            isNumber: true,
            cell: ({ wins }: Row) => (wins === null ? "–" : Number(wins.toFixed(1))),
          },
        ]
      : []),
    {
      id: "cost",
      header: "Cost per answer",
      isNumber: true,
      isWide: true,
      cell: ({ costUsd }) => <MoneyCell usd={costUsd} />,
    },
    {
      id: "time",
      header: "Median time",
      isNumber: true,
      isWide: true,
      cell: ({ latencyMs }) => <DurationCell ms={latencyMs} />,
    },
  ];
}

const words = (interval: Row["interval"], output: Parameters<typeof formatValue>[1]) =>
  interval ? `[${formatValue(interval.low, output)}, ${formatValue(interval.high, output)}]` : "";
