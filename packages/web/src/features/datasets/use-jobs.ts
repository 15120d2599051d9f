import { useQuery } from "@tanstack/react-query";
import type { Job } from "@treadle/contract";
import { useEffect, useRef } from "react";
import { useLiveJob } from "../jobs/index.ts";
import { useProject } from "../session/index.ts";
import { useRefreshDatasets } from "./use-datasets.ts";

/** A job that was begun here: what is shown of datasets is loaded anew when it has ended, and `onEnd` is called once. */
export function useOwnJob(jobId: string | undefined, onEnd?: (job: Job) => void) {
  const refresh = useRefreshDatasets();
  const { data } = useLiveJob(jobId, (job) => {
    refresh();
    onEnd?.(job);
  });
  const job = jobId === undefined ? undefined : data;
  return {
    job,
    isRunning: jobId !== undefined && (job === undefined || job.status === "queued" || job.status === "running"),
    /** Why it ended without a result. */
    failure:
      job?.status === "failed"
        ? (job.error?.message ?? "It failed.")
        : job?.status === "cancelled"
          ? "It was cancelled."
          : undefined,
  };
}

/** What is being done to a dataset right now, whoever began it. What it changes is loaded anew when one has ended. */
export function useActiveJobs(datasetId: string) {
  const { id, client, can } = useProject();
  const refresh = useRefreshDatasets();
  const jobs = useQuery({
    queryKey: ["active-jobs", id, datasetId],
    enabled: can("jobs:read"),
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/jobs", { query: { status: "active", subject: datasetId, limit: 20 }, signal }),
    refetchInterval: ({ state }) => (state.data?.items.length ? 1_500 : 10_000),
  });
  const running = jobs.data?.items.length ?? 0;
  const before = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what became of the number matters.
  useEffect(() => {
    if (running < before.current) refresh();
    before.current = running;
  }, [running]);
  return jobs.data?.items ?? [];
}
