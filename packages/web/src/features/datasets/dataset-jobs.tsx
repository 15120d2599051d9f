import { JobLine } from "./job-line.tsx";
import { useActiveJobs } from "./use-jobs.ts";

/** What is being done to the dataset right now, on every page of it; nothing at all when nothing is. */
export function DatasetJobs({ datasetId }: { datasetId: string }) {
  const jobs = useActiveJobs(datasetId);
  const running = jobs.data?.items ?? [];
  if (running.length === 0) return null;
  return (
    <section
      aria-label="Being done now"
      className="shrink-0 divide-y divide-line border-line border-b bg-panel px-6 max-md:px-4"
    >
      {running.map((job) => (
        <div key={job.id} className="py-2">
          <JobLine job={job} />
        </div>
      ))}
    </section>
  );
}
