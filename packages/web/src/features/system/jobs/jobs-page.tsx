import { ListChecks } from "lucide-react";
import { useState } from "react";
import { isOver, type Job } from "../../../components/feedback/job-words.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { Tabs } from "../../../components/layout/tabs.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { formatDuration, formatExactTime } from "../../../components/text/format.ts";
import { ActingJob } from "./acting-job.tsx";
import { type JobFilter, useJobs } from "./use-jobs.ts";

const FILTERS = { All: "all", Active: "active", Failed: "failed" } as const satisfies Record<string, JobFilter>;
const NAMES = ["All", "Active", "Failed"] as const;

const NOTHING = {
  All: ["No jobs yet", "Imports, curation and other long-running jobs appear here with their progress."],
  Active: ["No active jobs", "Queued and running jobs appear here."],
  Failed: ["No failed jobs", "Jobs that failed permanently appear here with the reason."],
} as const;

/** The jobs of the project: progress, failures and reasons. */
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
      description="Jobs continue when you close the page and when the server restarts. Finished jobs stay in the list for 30 days."
    >
      <div className="px-4">
        <Tabs label="Job status" names={NAMES} shown={shown} onShow={setShown} />
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
            <li key={job.jobId} className="px-4 py-3">
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

/** When the job started and how long it took. */
function Times({ job }: { job: Job }) {
  const { kind, jobId, createdAt, startedAt, endedAt, everySeconds, status, runAt, error } = job;
  const tookMs = startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : null;
  const isLater = status === "queued" && error === null && Date.parse(runAt) > Date.now();
  return (
    <p className="mt-1 flex flex-wrap gap-x-2 text-xs text-muted">
      <span title={jobId}>{kind}</span>
      <span>
        requested <AgoCell iso={createdAt} />
      </span>
      {isOver(job) && tookMs !== null && (
        <span>
          took <span className="num">{formatDuration(tookMs)}</span>
        </span>
      )}
      {everySeconds !== null && (
        <span>
          repeats every <span className="num">{formatDuration(everySeconds * 1_000)}</span>
        </span>
      )}
      {isLater && (
        <span>
          starts at{" "}
          <time dateTime={runAt} className="num">
            {formatExactTime(runAt)}
          </time>
        </span>
      )}
    </p>
  );
}
