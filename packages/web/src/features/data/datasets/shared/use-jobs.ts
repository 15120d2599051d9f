import { useQuery } from "@tanstack/react-query";
import type { Job } from "@treadle/contract";
import { useEffect, useRef, useState } from "react";
import { useLiveJob } from "../../../system/jobs/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshDatasets } from "./use-datasets.ts";

/** A job started here. Reloads the datasets when it ends, and then calls `onEnd` once. */
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
    /** Why the job ended without a result. */
    failure:
      job?.status === "failed"
        ? (job.error?.message ?? "The job failed.")
        : job?.status === "cancelled"
          ? "The job was canceled."
          : undefined,
  };
}

/** A job behind a button: it runs from the click until it ends, and `onDone` is called if it succeeds. */
export function useButtonJob(onDone: () => void) {
  const [jobId, setJobId] = useState<string>();
  const { isRunning, failure } = useOwnJob(jobId, ({ status }) => {
    if (status !== "done") return;
    setJobId(undefined);
    onDone();
  });
  return { isRunning, failure, follow: (started: { jobId: string }) => setJobId(started.jobId) };
}

/** The running jobs of a dataset, whoever started them. Reloads the datasets when one ends. */
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the number of jobs matters.
  useEffect(() => {
    if (running < before.current) refresh();
    before.current = running;
  }, [running]);
  return jobs.data?.items ?? [];
}
