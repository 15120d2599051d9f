import { useQueryClient } from "@tanstack/react-query";
import type { Permission } from "@treadle/contract";
import { useProject } from "../session/index.ts";
import { useJobOf } from "./use-job.ts";

type RunChange = { isPending: boolean; mutate: (id: string) => void };
type RunOptions = {
  id: string;
  run: { jobId: string; status: string };
  /** The names of the queries that are reloaded when the run ends. */
  reload: readonly string[];
  /** What a user needs to cancel or resume the run. */
  permission: Permission;
  cancel: RunChange;
  resume?: RunChange;
};

/** A long run after its start: its live job while it runs, and how to cancel and resume it. */
export function useRunLifecycle({ id, run: { jobId, status }, reload, permission, cancel, resume }: RunOptions) {
  const { can } = useProject();
  const cache = useQueryClient();
  const isActive = status === "queued" || status === "running";
  const job = useJobOf({ jobId, isOn: isActive }, () => {
    for (const name of [...reload, "active-jobs"]) void cache.invalidateQueries({ queryKey: [name] });
  });
  const canWrite = can(permission);
  return {
    isActive,
    /** Undefined until the run is first shown as a job. */
    job,
    /** Undefined without permission. */
    cancel: canWrite ? () => cancel.mutate(id) : undefined,
    isCancelling: cancel.isPending,
    /** Undefined without permission, or for runs that cannot continue. */
    resume: canWrite && resume ? () => resume.mutate(id) : undefined,
    isResuming: resume?.isPending ?? false,
  };
}
