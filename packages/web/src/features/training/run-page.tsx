import { getRouteApi } from "@tanstack/react-router";
import { ApiError } from "../../api.ts";
import { BackLink, PageHeader } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { CheckpointsTab } from "./checkpoints-tab.tsx";
import { Curves } from "./curves.tsx";
import { LogTab } from "./log-tab.tsx";
import { RunActions } from "./run-actions.tsx";
import { RunProgress } from "./run-progress.tsx";
import { RunStatus } from "./run-status.tsx";
import { SamplesTab } from "./samples-tab.tsx";
import { SettingsTab } from "./settings-tab.tsx";
import { type Run, useRun } from "./use-training.ts";
import { dataWords, methodWords, placeWords } from "./words.ts";

const route = getRouteApi("/shell/training/$trainingRunId");
const TABS = ["Curves", "Samples", "Checkpoints", "Log", "Settings"] as const;

/** One training run: its curves as they come, what it answers, what it saved, and how it was set up. */
export function RunPage() {
  const { trainingRunId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const run = useRun(trainingRunId);
  const back = <BackLink to="/training" label="Training" />;
  if (run.error && !run.data)
    return (
      <>
        <PageHeader title="Training run" back={back} />
        {run.error instanceof ApiError && run.error.status === 404 ? (
          <EmptyState title="There is no such run">It may have been deleted, or belong to another project.</EmptyState>
        ) : (
          <ErrorState error={run.error} retry={() => run.refetch()} />
        )}
      </>
    );
  const { data } = run;
  const tab = TABS.find((name) => name.toLowerCase() === search.tab) ?? "Curves";
  return (
    <>
      <PageHeader
        title={data?.name ?? "Training run"}
        back={back}
        beside={
          data && (
            <span className="ml-2">
              <RunStatus run={data} />
            </span>
          )
        }
        description={
          data ? (
            [`${methodWords(data.config)} of ${data.base.ref} on ${dataWords(data)}`, placeWords(data.config)]
              .filter(Boolean)
              .join(", ")
          ) : (
            <Skeleton className="h-4 w-60" />
          )
        }
        action={data && <RunActions run={data} />}
      />
      {data ? (
        <>
          <RunProgress run={data} />
          <div className="flex flex-col gap-4 px-6 pt-3 pb-8 max-md:px-4">
            <div className="overflow-x-auto">
              <Tabs
                label="Parts of the run"
                names={TABS}
                shown={tab}
                onShow={(name) =>
                  void navigate({ search: { tab: name === "Curves" ? undefined : name.toLowerCase() }, replace: true })
                }
              />
            </div>
            <Part run={data} tab={tab} />
          </div>
        </>
      ) : (
        <Skeleton className="mx-6 h-20 rounded-card" />
      )}
    </>
  );
}

function Part({ run, tab }: { run: Run; tab: (typeof TABS)[number] }) {
  switch (tab) {
    case "Curves":
      return <Curves run={run} />;
    case "Samples":
      return <SamplesTab run={run} />;
    case "Checkpoints":
      return <CheckpointsTab run={run} />;
    case "Log":
      return <LogTab run={run} />;
    case "Settings":
      return <SettingsTab run={run} />;
  }
}
