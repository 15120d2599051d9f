import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { BackLink, PageHeader, Section } from "../../../../components/layout/page.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { formatCount, formatTime } from "../../../../components/text/format.ts";
import { RedTeamState } from "../shared/red-team-state.tsx";
import type { RunSearch } from "../shared/run-search.ts";
import {
  type Catalogue,
  type RedTeamRun,
  type Report,
  useCatalogue,
  useRedTeamRun,
  useReport,
} from "../shared/use-red-team.ts";
import { ArmTable } from "./arm-table.tsx";
import { AttackList } from "./attack-list.tsx";
import { labelsOf, Matrix } from "./matrix.tsx";
import { RiskTable } from "./risk-table.tsx";
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
        beside={
          data && (
            <span className="ml-2">
              <RedTeamState run={data} />
            </span>
          )
        }
        description={data ? wordsOf(data) : <Skeleton className="h-4 w-60" />}
        action={data && <RunActions run={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts run={data} /> : <Skeleton className="h-52 rounded-card" />}
      </div>
    </>
  );
}

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

type ResultProps = { run: RedTeamRun; report: Report; catalogue: Catalogue };

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

const VIEWS = ["Plugins", "Strategies", "Lists of risks"] as const;

/** The arms by plugin, by strategy, and by the entries of public lists. */
function Breakdown({ report, names }: { report: Report; names: Readonly<Record<string, string>> }) {
  const [view, setView] = useState<(typeof VIEWS)[number]>("Plugins");
  const groups = view === "Plugins" ? report.plugins : report.strategies;
  return (
    <Section
      title="Breakdown"
      description="Lists of risks show the entries that these plugins belong to."
      className="overflow-hidden"
    >
      <div className="px-4">
        <Tabs label="Breakdown" names={VIEWS} shown={view} onShow={setView} />
      </div>
      <div role="tabpanel" aria-label={view}>
        {view === "Lists of risks" ? (
          <RiskTable report={report} names={names} />
        ) : (
          <ArmTable
            label={view}
            header={view === "Plugins" ? "Plugin" : "Strategy"}
            arms={report.arms}
            groups={groups.map((group) => ({ name: names[group.plugin ?? group.strategy ?? ""] ?? "", group }))}
          />
        )}
      </div>
    </Section>
  );
}

/** The matrix, and the attacks of its chosen cell. */
function Cells({ run, report, catalogue }: ResultProps) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isOnlySuccess, setIsOnlySuccess] = useState(true);
  const arm = Math.min(search.arm ?? 0, report.arms.length - 1);
  const plugin = run.plugins.find((one) => one === search.plugin);
  const strategy = run.strategies.find((one) => one === search.strategy);
  const change = (next: RunSearch) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true, resetScroll: false });
  const names = labelsOf(catalogue);
  return (
    <>
      <Section title="Plugins and strategies" description="The share of attacks that succeeded.">
        <Matrix
          run={run}
          report={report}
          catalogue={catalogue}
          arm={arm}
          onArm={(next) => change({ arm: next })}
          chosen={plugin && strategy ? { plugin, strategy } : null}
          onChoose={(cell) => change({ plugin: cell.plugin ?? undefined, strategy: cell.strategy ?? undefined })}
        />
      </Section>
      <Section
        title={plugin && strategy ? `Attacks: ${names[plugin]} × ${names[strategy]}` : "Attacks"}
        className="overflow-hidden"
        action={
          (plugin || strategy) && (
            <Button size="small" onClick={() => change({ plugin: undefined, strategy: undefined })}>
              Show all attacks
            </Button>
          )
        }
      >
        <AttackList
          run={run}
          query={{ plugin, strategy, succeededIn: isOnlySuccess ? arm : undefined }}
          names={names}
          isOnlySuccess={isOnlySuccess}
          onOnlySuccess={setIsOnlySuccess}
        />
      </Section>
    </>
  );
}
