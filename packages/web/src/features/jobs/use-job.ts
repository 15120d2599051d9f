import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { isOver, type Job } from "../../components/job-words.ts";
import { useProject } from "../session/index.ts";
import { useFollowJobs } from "./follow-jobs.ts";

/**
 * One job as it is, live until it has ended; nothing is asked for without an id. `onEnd` is called once when it has
 * ended, for what has to be loaded anew then.
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
    else if (told.current !== job.data.id) {
      told.current = job.data.id;
      onEnd?.(job.data);
    }
  });
  const take = (next: Job) => cache.setQueryData(queryKey, next);
  useFollowJobs({ jobId, isOn: jobId !== undefined && job.data !== undefined && !isOver(job.data), onJob: take });
  return job;
}

/**
 * The job behind something that says by itself whether it is still under way. What is shown of both is loaded at different times, so that either may
 * be the first to say that it is over: `onEnd` is called then, and may be called for both.
 */
export function useJobOf(owner: { readonly jobId: string; readonly isOn: boolean } | undefined, onEnd: () => void) {
  const { jobId, isOn } = owner ?? { jobId: undefined, isOn: false };
  const { data } = useLiveJob(isOn ? jobId : undefined, onEnd);
  const followed = useRef<string>(undefined);
  useEffect(() => {
    if (!isOn && followed.current !== undefined && followed.current === jobId) onEnd();
    followed.current = isOn ? jobId : undefined;
  });
  return isOn ? data : undefined;
}

/** Cancel and run again; the answer is shown at once. */
export function useJobActions() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const onSuccess = (job: Job) => {
    cache.setQueryData(["job", id, job.id], job);
    return Promise.all([
      cache.invalidateQueries({ queryKey: ["jobs", id] }),
      cache.invalidateQueries({ queryKey: ["active-jobs", id] }),
    ]);
  };
  const cancel = useMutation({
    mutationFn: (jobId: string) => client.call("POST /api/v1/jobs/:jobId/cancel", { params: { jobId } }),
    meta: { failure: "The job was not cancelled" },
    onSuccess,
  });
  const retry = useMutation({
    mutationFn: (jobId: string) => client.call("POST /api/v1/jobs/:jobId/retry", { params: { jobId } }),
    meta: { failure: "The job was not run again" },
    onSuccess,
  });
  return { cancel, retry };
}
