import { getRouteApi } from "@tanstack/react-router";
import { ApiError } from "../../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { BackLink, PageHeader, Section } from "../../../../components/layout/page.tsx";
import { formatCount, formatTime } from "../../../../components/text/format.ts";
import { RedTeamState } from "../shared/red-team-state.tsx";
import { type RedTeamRun, useCatalogue, useRedTeamRun, useReport } from "../shared/use-red-team.ts";
import { ArmTable } from "./arm-table.tsx";
import { Breakdown } from "./breakdown.tsx";
import { Cells, type ResultProps } from "./cells.tsx";
import { labelsOf } from "./matrix.tsx";
import { RunActions } from "./run-actions.tsx";
import { RunProgress } from "./run-progress.tsx";

const route = getRouteApi("/shell/red-team/$redTeamRunId");

/** One run: its arms compared, the matrix of plugins and strategies, and the attacks. Updates while it runs. */
export function RedTeamRunPage() {
  const { redTeamRunId } = route.useParams();
  const { data, error, refetch } = useRedTeamRun(redTeamRunId);
  const back = <BackLink to="/red-team" label="Red team" />;
  if (error && !data)
    return (
      <>
        <PageHeader title="Red team run" back={back} />
        <LoadFailure error={error} retry={() => refetch()} />
      </>
    );
  return (
    <>
      <PageHeader
        title={data?.name ?? "Red team run"}
        back={back}
        beside={data && <HeaderState run={data} />}
        description={data ? wordsOf(data) : <Skeleton className="h-4 w-60" />}
        action={data && <RunActions run={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts run={data} /> : <Skeleton className="h-52 rounded-card" />}
      </div>
    </>
  );
}

const HeaderState = ({ run }: { run: RedTeamRun }) => (
  <span className="ml-2">
    <RedTeamState run={run} />
  </span>
);

const wordsOf = ({ target, attacks, harmless, createdAt }: RedTeamRun): string =>
  `${formatCount(attacks)} attacks and ${formatCount(harmless)} harmless requests per arm on ${target.model}. Started ${formatTime(createdAt)}.`;

function LoadFailure({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404)
    return <EmptyState title="Run not found">It belongs to another project, or it was deleted.</EmptyState>;
  return <ErrorState error={error} retry={retry} title="The run could not be loaded" />;
}

function Parts({ run }: { run: RedTeamRun }) {
  const report = useReport(run);
  const catalogue = useCatalogue();
  const isReady = report.data && catalogue.data;
  return (
    <>
      <RunProgress run={run} />
      {run.answers === 0 ? (
        <EmptyState title="No answers yet">The matrix appears with the first answers.</EmptyState>
      ) : report.error && !report.data ? (
        <ErrorState error={report.error} retry={() => report.refetch()} title="The report could not be loaded" />
      ) : isReady ? (
        <Results run={run} report={report.data} catalogue={catalogue.data} />
      ) : (
        <Skeleton className="h-60 rounded-card" />
      )}
    </>
  );
}

function Results({ run, report, catalogue }: ResultProps) {
  return (
    <>
      <Section title="Arms" description="The same attacks under each set of guards." className="overflow-hidden">
        <ArmTable label="Arms" groups={[{ name: "", group: report.overall }]} arms={report.arms} />
        <Notes notes={report.notes} />
      </Section>
      <Cells run={run} report={report} catalogue={catalogue} />
      <Breakdown report={report} names={labelsOf(catalogue)} />
    </>
  );
}

const Notes = ({ notes }: { notes: readonly string[] }) => (
  <ul
    aria-label="How to read this"
    className="flex list-disc flex-col gap-1 border-line border-t px-4 py-3 pl-8 text-sm text-muted text-pretty"
  >
    {notes.map((note) => (
      <li key={note}>{note}</li>
    ))}
  </ul>
);
