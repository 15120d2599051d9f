import { useEffect, useRef } from "react";
import type { Job } from "../../../components/feedback/job-words.ts";
import { useProject } from "../session/index.ts";

const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;

type Following = {
  /** Follows one job until it ends; without an id, all jobs of the project. */
  jobId?: string | undefined;
  isOn: boolean;
  onJob: (job: Job) => void;
  /** Called after the connection opens; earlier changes are not sent, so refetch them. */
  onOpen?: () => void;
};

/** Receives job changes and reconnects automatically. */
export function useFollowJobs({ jobId, isOn, onJob, onOpen }: Following): void {
  const { client } = useProject();
  const latest = useRef({ onJob, onOpen });
  latest.current = { onJob, onOpen };
  useEffect(() => {
    if (!isOn) return;
    const stop = new AbortController();
    async function follow(failures: number): Promise<void> {
      let seen = failures;
      try {
        const jobs = client.watch("GET /api/v1/jobs/live", {
          query: { jobId },
          signal: stop.signal,
          onOpen: () => latest.current.onOpen?.(),
        });
        for await (const job of jobs) {
          seen = 0;
          latest.current.onJob(job);
        }
      } catch {
        // Handles a broken and a closed connection the same way: wait, then reconnect.
      }
      if (stop.signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(seen, RETRY_MS.length - 1)]));
      if (!stop.signal.aborted) await follow(seen + 1);
    }
    void follow(0);
    return () => stop.abort();
  }, [client, jobId, isOn]);
}
