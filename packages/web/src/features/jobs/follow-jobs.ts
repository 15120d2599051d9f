import { useEffect, useRef } from "react";
import type { Job } from "../../components/job-words.ts";
import { useProject } from "../session/index.ts";

const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;

type Following = {
  /** One job until it has ended; without it what changes in the project. */
  jobId?: string | undefined;
  isOn: boolean;
  onJob: (job: Job) => void;
  /** After the connection was made; what changed before is not told, so it is to be asked for. */
  onOpen?: () => void;
};

/** Hears of jobs as they change, and goes on by itself after the connection broke. */
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
        // A broken connection and one the server ended are the same here: wait, then ask again.
      }
      if (stop.signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(seen, RETRY_MS.length - 1)]));
      if (!stop.signal.aborted) await follow(seen + 1);
    }
    void follow(0);
    return () => stop.abort();
  }, [client, jobId, isOn]);
}
