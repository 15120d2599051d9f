import { useRouterState } from "@tanstack/react-router";
import { ActingJob } from "../jobs/index.ts";
import { useActiveJobs } from "./use-jobs.ts";

/** What is being done to the dataset right now, on every page of it; nothing at all when nothing is. */
export function DatasetJobs({ datasetId }: { datasetId: string }) {
  const jobs = useActiveJobs(datasetId);
  // The page of an import shows it larger.
  const isImport = useRouterState({ select: ({ location }) => location.pathname.endsWith("/import") });
  const shown = jobs.filter(({ kind }) => !(isImport && kind.includes("import"))).slice(0, 3);
  if (shown.length === 0) return null;
  return (
    <section
      aria-label="Being done now"
      className="shrink-0 divide-y divide-line border-line border-b bg-panel px-6 max-md:px-4"
    >
      {shown.map((job) => (
        <ActingJob key={job.id} job={job} className="py-2.5" />
      ))}
    </section>
  );
}
