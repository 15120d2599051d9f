import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLiveJob } from "../../../system/jobs/index.ts";
import { useProject } from "../../../system/session/index.ts";
import type { SentConfig } from "../shared/use-training.ts";

/** An estimate as a job, because the first estimate for a model takes minutes. */
export function useEstimate() {
  const { id, client } = useProject();
  const [jobId, setJobId] = useState<string>();
  const start = useMutation({
    mutationFn: (config: SentConfig) => client.call("POST /api/v1/training/estimate", { body: { config } }),
    onMutate: () => setJobId(undefined),
    onSuccess: (started) => setJobId(started.jobId),
  });
  const { data: job } = useLiveJob(jobId);
  const result = useQuery({
    queryKey: ["training-estimate", id, jobId],
    enabled: job?.status === "done",
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/training/estimates/:jobId", { params: { jobId: jobId ?? "" }, signal }),
  });
  const isRunning = job?.status === "queued" || job?.status === "running";
  return {
    start: start.mutate,
    /** The job while it runs, or after it failed. */
    job: job?.status === "done" ? undefined : job,
    data: jobId === undefined ? undefined : (result.data?.estimate ?? undefined),
    error: start.error ?? result.error,
    isPending: start.isPending || isRunning || (job?.status === "done" && result.isLoading),
  };
}
