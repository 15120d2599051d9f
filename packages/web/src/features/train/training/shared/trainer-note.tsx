import { JobProgress } from "../../../../components/feedback/job-progress.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { formatBytes, formatNumberOf } from "../../../../components/text/format.ts";
import { useLiveJob } from "../../../system/jobs/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { useTrainer, useTrainerChanges } from "./use-training.ts";

/** Shows that this machine cannot train yet, and installs the trainer. Hidden once the machine can train. */
export function TrainerNote() {
  const { can } = useProject();
  const trainer = useTrainer();
  const { data } = trainer;
  const isInstalling = data?.state === "installing";
  const jobId = isInstalling ? data.jobId : data?.planJobId;
  const job = useLiveJob(jobId ?? undefined, () => void trainer.refetch());
  if (!data || data.state === "ready") return null;
  return (
    <section
      aria-label="Trainer"
      className={`flex flex-col gap-3 rounded-card p-4 ${data.state === "broken" ? "bg-bad-soft" : isInstalling ? "card" : "bg-warn-soft"}`}
    >
      <div className="min-w-0">
        <h2 className="font-semibold">{TITLES[data.state]}</h2>
        <p className="text-pretty [overflow-wrap:anywhere]">{data.message}</p>
      </div>
      {jobId ? job.data && <JobProgress job={job.data} /> : can("system:write") && <Install plan={data.plan} />}
    </section>
  );
}

const TITLES = {
  missing: "This machine cannot train yet",
  installing: "Installing the trainer",
  broken: "The trainer does not work",
} as const;

type Plan = NonNullable<ReturnType<typeof useTrainer>["data"]>["plan"];

/** The first button calculates the download; the second one downloads and installs. */
function Install({ plan }: { plan: Plan }) {
  const { lookUp, install } = useTrainerChanges();
  if (!plan)
    return (
      <div className="flex flex-wrap items-center gap-3">
        <Button isBusy={lookUp.isPending} onClick={() => lookUp.mutate()}>
          Install trainer
        </Button>
        <span className="text-sm text-muted">You see the download size before anything is downloaded.</span>
      </div>
    );
  return (
    <>
      <PlanDetails plan={plan} />
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" isBusy={install.isPending} onClick={() => install.mutate()}>
          Download {plan.downloadBytes > 0 && `${formatBytes(plan.downloadBytes)} `}and install
        </Button>
        <Button isBusy={lookUp.isPending} onClick={() => lookUp.mutate()}>
          Check again
        </Button>
      </div>
    </>
  );
}

function PlanDetails({ plan }: { plan: NonNullable<Plan> }) {
  const { packages, downloadBytes, diskBytes, freeBytes, torch, note } = plan;
  const unknown = packages.filter(({ bytes }) => bytes === null).length;
  const isFull = freeBytes < diskBytes;
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p className="max-w-3xl text-pretty">
        To download: {downloadBytes > 0 && <span className="num">{formatBytes(downloadBytes)}</span>}
        {downloadBytes > 0 && unknown > 0 && ", and "}
        {unknown > 0 && `${formatNumberOf(unknown, "package")} of unknown size`}.{" "}
        <span className={isFull ? "text-bad" : ""}>
          The installation needs about {formatBytes(diskBytes)} of disk space. {formatBytes(freeBytes)} are free.
          {isFull && " Free some space first."}
        </span>{" "}
        {torch === "cpu" && "This machine has no graphics card, so the CPU build of PyTorch is used."}
      </p>
      {note && <p className="max-w-3xl text-pretty text-warn [overflow-wrap:anywhere]">{note}</p>}
      <details>
        <summary className="cursor-pointer">{formatNumberOf(packages.length, "package")}</summary>
        <ul className="mt-2 grid max-h-60 grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] gap-x-6 overflow-y-auto">
          {packages
            .toSorted((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0))
            .map(({ name, version, bytes }) => (
              <li key={name} className="flex justify-between gap-2">
                <span className="min-w-0 truncate" title={`${name} ${version}`}>
                  {name} <span className="text-muted">{version}</span>
                </span>
                <span className="num text-muted">{bytes === null ? "–" : formatBytes(bytes)}</span>
              </li>
            ))}
        </ul>
      </details>
    </div>
  );
}
