import { getRouteApi, Link } from "@tanstack/react-router";
import { ApiError } from "../../../api.ts";
import { RunEnd } from "../../../components/feedback/run-end.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { buttonLook } from "../../../components/form/button.tsx";
import { BackLink, PageHeader, Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatPercent, formatTime } from "../../../components/text/format.ts";
import { recordedFacts } from "./recorded-facts.ts";
import { ReplayState } from "./replay-state.tsx";
import { type Replay, useReplay } from "./use-replays.ts";

const route = getRouteApi("/shell/replays/$replayId");

/** One replay: the recorded traffic, and where its candidates decided differently. Updates while it runs. */
export function ReplayPage() {
  const { replayId } = route.useParams();
  const { data, error, refetch } = useReplay(replayId);
  const back = <BackLink to="/replays" label="Replays" />;
  if (error && !data)
    return (
      <>
        <PageHeader title="Replay" back={back} />
        {error instanceof ApiError && error.status === 404 ? (
          <EmptyState title="Replay not found">It belongs to another project, or the address is wrong.</EmptyState>
        ) : (
          <ErrorState error={error} retry={() => refetch()} />
        )}
      </>
    );
  return (
    <>
      <PageHeader
        title={data?.name ?? "Replay"}
        back={back}
        beside={
          data && (
            <span className="ml-2">
              <ReplayState state={data.state} />
            </span>
          )
        }
        description={data ? `Created on ${formatTime(data.createdAt)}.` : <Skeleton className="h-4 w-60" />}
        action={data && <ResultLinks replay={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts replay={data} /> : <Skeleton className="h-52 rounded-card" />}
      </div>
    </>
  );
}

/** The comparison with the recorded answers, and the experiment. */
function ResultLinks({ replay: { experimentId, baselineRunId, runs } }: { replay: Replay }) {
  if (experimentId === null) return null;
  return (
    <span className="flex flex-wrap gap-2">
      {baselineRunId !== null && (
        <Link
          to="/experiments/compare"
          search={{ base: baselineRunId, heads: runs.map(({ runId }) => runId).join(",") }}
          className={buttonLook("primary")}
        >
          Compare with recorded answers
        </Link>
      )}
      <Link to="/experiments/$experimentId" params={{ experimentId }} className={buttonLook()}>
        Open experiment
      </Link>
    </span>
  );
}

function Parts({ replay }: { replay: Replay }) {
  const { error, recorded, runs, baselineRunId, experimentId } = replay;
  return (
    <>
      {error && <RunEnd tone="bad" words={error} />}
      {experimentId !== null && baselineRunId === null && (
        <RunEnd tone="warn" words="No recording has an answer, so there is nothing to compare with." />
      )}
      {recorded && recorded.timeDependent > 0 && (
        <RunEnd
          tone="warn"
          words={`${formatCount(recorded.timeDependent)} of ${formatCount(recorded.items)} inputs contain the date of the recording. Their answers may differ today. The metadata field timeDependent marks them.`}
        />
      )}
      <Section title="Candidates" className="overflow-hidden">
        {runs.length > 0 ? (
          <PlainTable label="Candidates" columns={COLUMNS} rows={runs} idOf={({ runId }) => runId} />
        ) : (
          <p className="px-4 pb-4 text-muted">The candidates start when the recordings are stored.</p>
        )}
      </Section>
      <Section title="Recorded traffic">
        {recorded ? <Facts replay={replay} recorded={recorded} /> : <p className="px-4 pb-4 text-muted">Reading…</p>}
      </Section>
    </>
  );
}

function Facts({ replay, recorded }: { replay: Replay; recorded: NonNullable<Replay["recorded"]> }) {
  const { datasetId, datasetVersion } = replay;
  return (
    <div className="flex flex-col gap-3 px-4 pb-4">
      <dl className="grid grid-cols-[max-content_max-content] gap-x-6 gap-y-1">
        {recordedFacts(recorded).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="num text-right">{value}</dd>
          </div>
        ))}
      </dl>
      <Link
        to="/datasets/$datasetId"
        params={{ datasetId }}
        className="self-start text-accent underline underline-offset-2"
      >
        Open dataset{datasetVersion === null ? "" : `, version ${datasetVersion}`}
      </Link>
    </div>
  );
}

type Run = Replay["runs"][number];

const COLUMNS: readonly PlainColumn<Run>[] = [
  {
    id: "name",
    header: "Candidate",
    className: "w-full min-w-32",
    cell: ({ runId, name }) => (
      <Link to="/runs/$runId" params={{ runId }} className="font-medium [overflow-wrap:anywhere] hover:underline">
        {name}
      </Link>
    ),
  },
  {
    id: "answers",
    header: "Answers",
    isNumber: true,
    cell: ({ answers, planned }) =>
      planned === null ? formatCount(answers) : `${formatCount(answers)} of ${formatCount(planned)}`,
  },
  {
    id: "diverged",
    header: "Diverged",
    isNumber: true,
    cell: ({ diverged }) => <span className={diverged > 0 ? "text-warn" : ""}>{formatCount(diverged)}</span>,
  },
  {
    id: "errors",
    header: "Errors",
    isNumber: true,
    isWide: true,
    cell: ({ errors }) => <span className={errors > 0 ? "text-bad" : ""}>{formatCount(errors)}</span>,
  },
  {
    id: "tools",
    header: "Tool results",
    isNumber: true,
    isWide: true,
    cell: ({ toolCalls }) => formatCount(toolCalls),
  },
  { id: "decisions", header: "Same decisions", isNumber: true, cell: rateWords },
];

function rateWords({ sameDecisionRate: rate, sameDecisions, decisions }: Run) {
  if (rate === null) return "–";
  return (
    <span title={`${formatPercent(rate.low)} to ${formatPercent(rate.high)}, 95 % interval`}>
      {formatPercent(rate.value)}{" "}
      <span className="text-muted">
        ({formatCount(sameDecisions)} of {formatCount(decisions)})
      </span>
    </span>
  );
}
