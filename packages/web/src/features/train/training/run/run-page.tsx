import { getRouteApi } from "@tanstack/react-router";
import { ApiError } from "../../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { RunStatus } from "../shared/run-status.tsx";
import { type Run, useRun } from "../shared/use-training.ts";
import { dataWords, methodWords, placeWords } from "../shared/words.ts";
import { CheckpointsTab } from "./checkpoints-tab.tsx";
import { Curves } from "./curves.tsx";
import { LogTab } from "./log-tab.tsx";
import { RunActions } from "./run-actions.tsx";
import { RunProgress } from "./run-progress.tsx";
import { SamplesTab } from "./samples-tab.tsx";
import { SettingsTab } from "./settings-tab.tsx";

const route = getRouteApi("/shell/training/$trainingRunId");
const TABS = ["Curves", "Samples", "Checkpoints", "Log", "Settings"] as const;

/** One training run: live curves, samples, checkpoints, log and settings. */
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
          <EmptyState title="Training run not found">
            It may have been deleted, or it belongs to another project.
          </EmptyState>
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
                label="Run sections"
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
