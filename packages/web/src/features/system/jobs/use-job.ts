import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { isOver, type Job } from "../../../components/feedback/job-words.ts";
import { useProject } from "../session/index.ts";
import { useFollowJobs } from "./follow-jobs.ts";

/**
 * One job as it is, live until it has ended; no request is sent without an id. `onEnd` is called once when it has
 * ended, to refetch other data.
 */
export function useLiveJob(jobId: string | undefined, onEnd?: (job: Job) => void) {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const queryKey = ["job", id, jobId];
  const job = useQuery({
    queryKey,
    enabled: jobId !== undefined,
    queryFn: ({ signal }) => client.call("GET /api/v1/jobs/:jobId", { params: { jobId: jobId ?? "" }, signal }),
  });
  const told = useRef<string>(undefined);
  useEffect(() => {
    if (!job.data) return;
    if (!isOver(job.data)) told.current = undefined;
    else if (told.current !== job.data.jobId) {
      told.current = job.data.jobId;
      onEnd?.(job.data);
    }
  });
  const take = (next: Job) => cache.setQueryData(queryKey, next);
  useFollowJobs({ jobId, isOn: jobId !== undefined && job.data !== undefined && !isOver(job.data), onJob: take });
  return job;
}

/**
 * The job of an object that reports its own progress. Both load at different times, so either may end first. `onEnd`
 * runs then, possibly twice.
 */
export function useJobOf({ jobId, isOn }: { readonly jobId: string; readonly isOn: boolean }, onEnd: () => void) {
  const { data } = useLiveJob(isOn ? jobId : undefined, onEnd);
  const followed = useRef<string>(undefined);
  useEffect(() => {
    if (!isOn && followed.current !== undefined && followed.current === jobId) onEnd();
    followed.current = isOn ? jobId : undefined;
  });
  return isOn ? data : undefined;
}

/** Cancel and run again; the response is shown immediately. */
export function useJobActions() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const onSuccess = (job: Job) => {
    cache.setQueryData(["job", id, job.jobId], job);
    return Promise.all([
      cache.invalidateQueries({ queryKey: ["jobs", id] }),
      cache.invalidateQueries({ queryKey: ["active-jobs", id] }),
    ]);
  };
  const cancel = useMutation({
    mutationFn: (jobId: string) => client.call("POST /api/v1/jobs/:jobId/cancel", { params: { jobId } }),
    meta: { failure: "The job was not canceled" },
    onSuccess,
  });
  const retry = useMutation({
    mutationFn: (jobId: string) => client.call("POST /api/v1/jobs/:jobId/retry", { params: { jobId } }),
    meta: { failure: "The job was not run again" },
    onSuccess,
  });
  return { cancel, retry };
}
