import { ListChecks } from "lucide-react";
import { useState } from "react";
import { AgoCell } from "../../components/cells.tsx";
import { formatDuration, formatExactTime } from "../../components/format.ts";
import { isOver, type Job } from "../../components/job-words.ts";
import { MoreRows } from "../../components/more-rows.tsx";
import { Section } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { ActingJob } from "./acting-job.tsx";
import { type JobFilter, useJobs } from "./use-jobs.ts";

const FILTERS = { All: "all", Active: "active", Failed: "failed" } as const satisfies Record<string, JobFilter>;
const NAMES = ["All", "Active", "Failed"] as const;

const NOTHING = {
  All: ["No job has run yet", "Imports, curation and other long work appear here, with how far they are."],
  Active: ["Nothing is running", "What is queued or running appears here."],
  Failed: ["Nothing has failed", "A job that failed for good appears here, with the reason."],
} as const;

/** Long work of the project: how far each is, what failed and why. */
export function JobsPage() {
  const [shown, setShown] = useState<keyof typeof FILTERS>("All");
  const jobs = useJobs(FILTERS[shown]);
  const items = jobs.data?.pages.flatMap((page) => page.items);
  if (jobs.error && !items)
    return <ErrorState error={jobs.error} retry={() => jobs.refetch()} title="The jobs could not be listed" />;
  const [title, words] = NOTHING[shown];
  return (
    <Section
      title="Jobs"
      description="Long work goes on by itself when the page is closed or the server starts anew. Jobs that ended stay in the list for 30 days."
    >
      <div className="px-4">
        <Tabs label="Which jobs" names={NAMES} shown={shown} onShow={setShown} />
      </div>
      {!items && (
        <div className="flex flex-col gap-2 p-4">
          <Skeleton className="h-14 rounded-card" />
          <Skeleton className="h-14 rounded-card" />
        </div>
      )}
      {items?.length === 0 && (
        <EmptyState title={title} icon={<ListChecks size={22} />}>
          {words}
        </EmptyState>
      )}
      {items && items.length > 0 && (
        <ul aria-label="Jobs" className="divide-y divide-line">
          {items.map((job) => (
            <li key={job.id} className="px-4 py-3">
              <ActingJob job={job} />
              <Times job={job} />
            </li>
          ))}
        </ul>
      )}
      <MoreRows list={jobs} />
    </Section>
  );
}

/** When it began and how long it took. */
function Times({ job }: { job: Job }) {
  const { kind, id, createdAt, startedAt, endedAt, everySeconds, status, runAt, error } = job;
  const tookMs = startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : null;
  const isLater = status === "queued" && error === null && Date.parse(runAt) > Date.now();
  return (
    <p className="mt-1 flex flex-wrap gap-x-2 text-xs text-muted">
      <span title={id}>{kind}</span>
      <span>
        asked for <AgoCell iso={createdAt} />
      </span>
      {isOver(job) && tookMs !== null && (
        <span>
          took <span className="num">{formatDuration(tookMs)}</span>
        </span>
      )}
      {everySeconds !== null && (
        <span>
          again every <span className="num">{formatDuration(everySeconds * 1_000)}</span>
        </span>
      )}
      {isLater && (
        <span>
          begins at{" "}
          <time dateTime={runAt} className="num">
            {formatExactTime(runAt)}
          </time>
        </span>
      )}
    </p>
  );
}
