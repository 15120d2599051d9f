import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Job } from "@treadle/contract";
import { useEffect, useRef } from "react";
import { useProject } from "../session/index.ts";
import { useRefreshDatasets } from "./use-datasets.ts";

const isOver = ({ status }: Job) => status === "done" || status === "failed" || status === "cancelled";

/** One job, looked at again until it is over; `onOver` is called once then. What is shown of datasets is loaded anew with it. */
export function useJob(jobId: string | undefined, onOver?: (job: Job) => void) {
  const { id, client } = useProject();
  const refresh = useRefreshDatasets();
  const job = useQuery({
    queryKey: ["job", id, jobId],
    enabled: jobId !== undefined,
    queryFn: ({ signal }) => client.call("GET /api/v1/jobs/:jobId", { params: { jobId: jobId ?? "" }, signal }),
    refetchInterval: ({ state }) => (state.data === undefined || !isOver(state.data)) && 700,
  });
  const told = useRef<string>(undefined);
  const over = job.data && isOver(job.data) ? job.data : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once for each job.
  useEffect(() => {
    if (!over || told.current === over.id) return;
    told.current = over.id;
    void refresh();
    onOver?.(over);
  }, [over]);
  return job;
}

/** What is being done to a dataset right now, whoever began it. */
export function useActiveJobs(datasetId: string) {
  const { id, client, can } = useProject();
  const refresh = useRefreshDatasets();
  const jobs = useQuery({
    queryKey: ["active-jobs", id, datasetId],
    enabled: can("jobs:read"),
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/jobs", { query: { status: "active", subject: datasetId, limit: 20 }, signal }),
    refetchInterval: ({ state }) => (state.data?.items.length ? 1_000 : 10_000),
  });
  const running = jobs.data?.items.length ?? 0;
  const before = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what became of the number matters.
  useEffect(() => {
    if (running < before.current) void refresh();
    before.current = running;
  }, [running]);
  return jobs;
}

export function useCancelJob() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (jobId: string) => client.call("POST /api/v1/jobs/:jobId/cancel", { params: { jobId } }),
    meta: { failure: "The work was not stopped" },
    onSuccess: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: ["job"] }),
        cache.invalidateQueries({ queryKey: ["active-jobs"] }),
      ]),
  });
}
