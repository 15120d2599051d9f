import { getRouteApi } from "@tanstack/react-router";
import { Shapes } from "lucide-react";
import { useEffect, useState } from "react";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { formatNumberOf, formatTime } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { RunState } from "./run-state.tsx";
import { TopicPanel } from "./topic-panel.tsx";
import { TopicSettingsDialog } from "./topic-settings-dialog.tsx";
import { TopicTable } from "./topic-table.tsx";
import { isActive, type TopicList, useNewestRun, useRefreshTopics, useTopicChanges, useTopics } from "./use-topics.ts";

const route = getRouteApi("/shell/topics");

/** What people ask: groups of similar inputs, with their trends. */
export function TopicsPage() {
  const [isSetting, setIsSetting] = useState(false);
  const canWrite = useProject().can("incidents:write");
  const topics = useTopics();
  const { newest, start, isStarting } = useRun();
  return (
    <>
      <PageHeader
        title="Topics"
        description="What people ask: traces with similar inputs, how often they occur and how well they go."
        action={
          <>
            {canWrite && <Button onClick={() => setIsSetting(true)}>Settings</Button>}
            {canWrite && (
              <Button kind="primary" isBusy={isStarting} disabled={isActive(newest ?? undefined)} onClick={start}>
                Run now
              </Button>
            )}
          </>
        }
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        <RunState run={newest} hasTopics={Boolean(topics.data?.run)} />
        <Body topics={topics} isRunning={isActive(newest ?? undefined)} />
      </div>
      {isSetting && <TopicSettingsDialog close={() => setIsSetting(false)} />}
    </>
  );
}

function Body({ topics, isRunning }: { topics: ReturnType<typeof useTopics>; isRunning: boolean }) {
  if (topics.data?.run === null) return isRunning ? <FirstRun /> : <NoRun />;
  if (topics.data) return <TopicsOf items={topics.data.items} run={topics.data.run} />;
  if (topics.error)
    return <ErrorState error={topics.error} retry={() => topics.refetch()} title="The topics could not be loaded" />;
  return <Skeleton className="h-80 w-full" />;
}

/** The newest run, and how to start one. The topics are read again when it ends. */
function useRun() {
  const newest = useNewestRun().data;
  const { run } = useTopicChanges();
  const refresh = useRefreshTopics();
  const status = newest?.status;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the end of a run counts.
  useEffect(() => {
    if (status === "done") void refresh();
  }, [status]);
  return { newest, start: () => run.mutate(), isStarting: run.isPending };
}

type ListProps = { items: TopicList["items"]; run: NonNullable<TopicList["run"]> };

function TopicsOf({ items, run }: ListProps) {
  const { topic } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (next: string | undefined) => void navigate({ search: { topic: next }, replace: topic !== undefined });
  if (items.length === 0)
    return (
      <EmptyState title="Too few traces" icon={<Shapes size={22} />}>
        {`The last run found ${formatNumberOf(run.traces, "trace")} with an input. Topics need at least 20. Choose a longer time range in the settings.`}
      </EmptyState>
    );
  const shown = items.find(({ topicId }) => topicId === topic);
  return (
    <>
      <p className="text-muted">
        {`${formatNumberOf(run.traces, "trace")} with an input from ${formatTime(run.from)} to ${formatTime(run.to)}`}
        {run.matching > run.traces ? `, of ${formatNumberOf(run.matching, "matching trace")}.` : "."}
        {run.embedded < run.traces &&
          ` ${formatNumberOf(run.embedded, "text")} were embedded, the others are placed by their words.`}
        {run.labelNote && ` ${run.labelNote}`}
      </p>
      <div className={shown ? "grid gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]" : ""}>
        <TopicTable topics={items} shown={topic} open={open} />
        {shown && <TopicPanel key={shown.topicId} topic={shown} close={() => open(undefined)} />}
      </div>
    </>
  );
}

const FirstRun = () => (
  <EmptyState title="The first run is in progress" icon={<Shapes size={22} />}>
    Topics appear here when it ends. It continues if you leave this page.
  </EmptyState>
);

const NoRun = () => (
  <EmptyState title="No topics yet" icon={<Shapes size={22} />}>
    A run groups the inputs of your traces on this machine, without calls of a model provider. Start a run, or schedule
    one per day in the settings.
  </EmptyState>
);
