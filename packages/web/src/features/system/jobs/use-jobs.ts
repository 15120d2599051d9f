import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { Answer } from "../../../api.ts";
import type { Job } from "../../../components/feedback/job-words.ts";
import { useProject } from "../session/index.ts";
import { useFollowJobs } from "./follow-jobs.ts";
import { replaceJob } from "./replace-job.ts";

export type JobFilter = "all" | "active" | "failed";
type Page = Answer<"GET /api/v1/jobs">;

const JOBS_AT_ONCE = 50;
const NEWS_MS = 500;

/**
 * The project's jobs, newest first and live. A new job, or a status change that may affect the filter, refetches the
 * list.
 */
export function useJobs(filter: JobFilter) {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const queryKey = ["jobs", id, "list", filter];
  const list = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/jobs", {
        query: { limit: JOBS_AT_ONCE, cursor, status: filter === "all" ? undefined : filter },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  function refreshSoon() {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void cache.invalidateQueries({ queryKey: ["jobs", id] }), NEWS_MS);
  }
  function take(job: Job) {
    const known = cache.getQueryData<InfiniteData<Page>>(queryKey);
    const { pages, isSameState } = replaceJob(known?.pages ?? [], job);
    if (known) cache.setQueryData(queryKey, { ...known, pages });
    if (!isSameState) refreshSoon();
  }
  useFollowJobs({ isOn: list.data !== undefined, onJob: take, onOpen: refreshSoon });
  return list;
}
