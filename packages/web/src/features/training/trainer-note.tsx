import { Button } from "../../components/button.tsx";
import { JobProgress } from "../../components/job-progress.tsx";
import { useLiveJob } from "../jobs/index.ts";
import { useProject } from "../session/index.ts";
import { useInstallTrainer, useTrainer } from "./use-training.ts";

/** Says when this machine cannot train yet, and makes it able to. Nothing while it can. */
export function TrainerNote() {
  const { can } = useProject();
  const trainer = useTrainer();
  const install = useInstallTrainer();
  const { data } = trainer;
  const isInstalling = data?.state === "installing";
  const job = useLiveJob(isInstalling ? (data.jobId ?? undefined) : undefined, () => void trainer.refetch());
  if (!data || data.state === "ready") return null;
  return (
    <section
      aria-label="The trainer"
      className={`flex flex-col gap-3 rounded-card p-4 ${data.state === "broken" ? "bg-bad-soft" : isInstalling ? "card" : "bg-warn-soft"}`}
    >
      <div className="flex flex-wrap items-center gap-3">
        <div className="min-w-0 grow basis-72">
          <h2 className="font-semibold">{TITLES[data.state]}</h2>
          <p className="text-pretty [overflow-wrap:anywhere]">{data.message}</p>
        </div>
        {!isInstalling && can("system:write") && (
          <Button isBusy={install.isPending} onClick={() => install.mutate()}>
            {data.state === "broken" ? "Install it again" : "Install it"}
          </Button>
        )}
      </div>
      {isInstalling && job.data && <JobProgress job={job.data} />}
    </section>
  );
}

const TITLES = {
  missing: "This machine cannot train yet",
  installing: "The trainer is being installed",
  broken: "The trainer does not work",
} as const;
