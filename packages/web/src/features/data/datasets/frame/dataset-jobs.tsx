import { useRouterState } from "@tanstack/react-router";
import { ActingJob } from "../../../system/jobs/index.ts";
import { useActiveJobs } from "../shared/use-jobs.ts";

/** The running jobs of the dataset, on each of its pages; hidden without jobs. */
export function DatasetJobs({ datasetId }: { datasetId: string }) {
  const jobs = useActiveJobs(datasetId);
  // The import page shows its job in more detail.
  const isImport = useRouterState({ select: ({ location }) => location.pathname.endsWith("/import") });
  const visibleJobs = jobs.filter(({ kind }) => !(isImport && kind.includes("import"))).slice(0, 3);
  if (visibleJobs.length === 0) return null;
  return (
    <section
      aria-label="Running jobs"
      className="shrink-0 divide-y divide-line border-line border-b bg-panel px-6 max-md:px-4"
    >
      {visibleJobs.map((job) => (
        <ActingJob key={job.jobId} job={job} className="py-2.5" />
      ))}
    </section>
  );
}
