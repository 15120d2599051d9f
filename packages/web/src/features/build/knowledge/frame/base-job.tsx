import { ActingJob, useLiveJob } from "../../../system/jobs/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { isIndexing } from "../shared/base-work.ts";
import { type Base, useRefreshKnowledge } from "../shared/use-bases.ts";

/** The job that indexes the base, while it runs or after it failed. */
export function BaseJob({ base }: { base: Base }) {
  const canRead = useProject().can("jobs:read");
  const refresh = useRefreshKnowledge();
  const job = useLiveJob(canRead ? base.job?.jobId : undefined, refresh).data;
  if (!base.job) return null;
  if (!job) return !canRead && isIndexing(base) ? <Indexing /> : null;
  if (job.status === "done") return null;
  return (
    <section aria-label="Indexing" className="border-line border-b bg-panel px-6 py-2.5 max-md:px-4">
      <ActingJob job={job} />
    </section>
  );
}

const Indexing = () => (
  <p role="status" className="border-line border-b bg-panel px-6 py-2.5 text-info max-md:px-4">
    ● Documents are parsed and indexed
  </p>
);
