import { getRouteApi, Link } from "@tanstack/react-router";
import { ApiError } from "../../../api.ts";
import { RunEnd } from "../../../components/feedback/run-end.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { buttonLook } from "../../../components/form/button.tsx";
import { BackLink, PageHeader, Section } from "../../../components/layout/page.tsx";
import { PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatTime } from "../../../components/text/format.ts";
import { stopWords } from "../../evaluate/experiments/index.ts";
import { candidateColumns } from "./candidate-columns.tsx";
import { recordedFacts } from "./recorded-facts.ts";
import { isEarly, ReplayState } from "./replay-state.tsx";
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
        <LoadFailure error={error} retry={() => refetch()} />
      </>
    );
  return (
    <>
      <PageHeader
        title={data?.name ?? "Replay"}
        back={back}
        beside={data && <HeaderState replay={data} />}
        description={data ? wordsOf(data) : <Skeleton className="h-4 w-60" />}
        action={data && <ResultLinks replay={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts replay={data} /> : <Skeleton className="h-52 rounded-card" />}
      </div>
    </>
  );
}

const wordsOf = ({ source, createdAt }: Replay): string => `${sourceWords(source)} Started ${formatTime(createdAt)}.`;

function sourceWords(source: Replay["source"]): string {
  if (source.kind === "dataset") return "Recordings of a dataset.";
  const filter = source.filter.trim();
  return filter === "" ? "Recorded calls of all models." : `Recorded calls that match ${filter}.`;
}

const HeaderState = ({ replay }: { replay: Replay }) => (
  <span className="ml-2">
    <ReplayState replay={replay} />
  </span>
);

function LoadFailure({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404)
    return <EmptyState title="Replay not found">It belongs to another project, or the address is wrong.</EmptyState>;
  return <ErrorState error={error} retry={retry} />;
}

/** The comparison with the recorded answers, and the experiment. */
function ResultLinks({ replay }: { replay: Replay }) {
  const { experimentId, baselineRunId, runs } = replay;
  if (experimentId === null) return null;
  // What failed or stopped is resumed in the experiment.
  const isOver = replay.state !== "failed" && !isEarly(replay);
  return (
    <span className="flex flex-wrap gap-2">
      {baselineRunId !== null && (
        <Link
          to="/experiments/compare"
          search={{ base: baselineRunId, heads: runs.map(({ runId }) => runId).join(",") }}
          className={buttonLook(isOver ? "primary" : "plain")}
        >
          Compare with recorded answers
        </Link>
      )}
      <Link
        to="/experiments/$experimentId"
        params={{ experimentId }}
        className={buttonLook(isOver ? "plain" : "primary")}
      >
        Open experiment
      </Link>
    </span>
  );
}

function Parts({ replay }: { replay: Replay }) {
  const { recorded, runs, experimentId, state } = replay;
  return (
    <>
      <Notes replay={replay} />
      <Section title="Candidates" className="overflow-hidden">
        {runs.length > 0 ? (
          <PlainTable
            label="Candidates"
            columns={candidateColumns(experimentId)}
            rows={runs}
            idOf={({ runId }) => runId}
          />
        ) : (
          <p className="px-4 pb-4 text-muted">
            {state === "preparing" ? "The candidates start when the recordings are stored." : "No candidate answered."}
          </p>
        )}
      </Section>
      <Section title="Recorded traffic">
        {recorded ? (
          <Facts replay={replay} recorded={recorded} />
        ) : (
          <p className="px-4 pb-4 text-muted">{state === "preparing" ? "Reading…" : "No recordings were stored."}</p>
        )}
      </Section>
    </>
  );
}

/** Why a replay failed or ended early, and what makes its result less certain. */
function Notes({ replay }: { replay: Replay }) {
  const { error, stopped } = replay;
  return (
    <>
      {error && <RunEnd tone="bad" words={error} />}
      {isEarly(replay) && <RunEnd tone="warn" words={`${stopWords(stopped)} Open the experiment to resume it.`} />}
      {warningsOf(replay).map((words) => (
        <RunEnd key={words} tone="warn" words={words} />
      ))}
    </>
  );
}

/** So many diverged answers leave few pairs, which are the cases where the candidate changed little. */
const MANY = 0.2;

function warningsOf({ recorded, baselineRunId, experimentId, runs }: Replay): string[] {
  const diverged = runs.filter((run) => run.diverged > run.answers * MANY);
  return [
    experimentId !== null &&
      baselineRunId === null &&
      "No recording has an answer, so there is nothing to compare with.",
    ...diverged.map(
      ({ name, diverged, answers }) =>
        `${formatCount(diverged)} of ${formatCount(answers)} answers of ${name} diverged. They have no score, so the comparison shows only the other answers. Read the divergences first.`,
    ),
    recorded &&
      recorded.timeDependent > 0 &&
      `${formatCount(recorded.timeDependent)} of ${formatCount(recorded.items)} inputs contain the date of the recording. Their answers may differ today. The metadata field timeDependent marks them.`,
  ].filter((words) => typeof words === "string");
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
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        <Link to="/datasets/$datasetId" params={{ datasetId }} className="text-accent underline underline-offset-2">
          Open dataset{datasetVersion === null ? "" : `, version ${datasetVersion}`}
        </Link>
        <Link
          to="/replays/new"
          search={{ dataset: datasetId, version: datasetVersion ?? undefined }}
          className="text-accent underline underline-offset-2"
        >
          Replay these recordings again
        </Link>
      </p>
    </div>
  );
}
