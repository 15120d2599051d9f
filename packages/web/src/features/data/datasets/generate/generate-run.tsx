import { Link } from "@tanstack/react-router";
import { SynthesisResult } from "@treadle/contract";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatMoney, formatNumberOf } from "../../../../components/text/format.ts";
import { ActingJob } from "../../../system/jobs/index.ts";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { useOwnJob } from "../shared/use-jobs.ts";
import { GenerateLosses } from "./generate-losses.tsx";

type RunProps = { place: DatasetPlace; jobId: string; again: () => void };

/** A generation job, or its result. */
export function GenerateRun({ place, jobId, again }: RunProps) {
  const { job, failure } = useOwnJob(jobId);
  const parsed = job?.status === "done" ? SynthesisResult.safeParse(job.result) : undefined;
  if (!job) return <Skeleton className="h-24 rounded-card" />;
  if (!parsed?.success)
    return (
      <Section
        title={job.title}
        description={
          failure === undefined
            ? "The job continues if you close this page. The draft changes only when the job is done."
            : "Generated items are stored for 30 days. Retry to continue from there."
        }
      >
        <div className="px-4 pb-4">
          <ActingJob job={job} />
          {failure !== undefined && (
            <Button className="mt-3" onClick={again}>
              Change settings
            </Button>
          )}
        </div>
      </Section>
    );
  const { added, changed, why, spent } = parsed.data;
  const cost = spent.unpricedCalls > 0 ? "" : `, ${formatMoney(spent.usd)}`;
  return (
    <>
      <Section
        title={`${formatNumberOf(added, "item")} added${changed > 0 ? `, ${changed} completed` : ""}`}
        description={`${why} ${formatNumberOf(spent.calls, "call")}, ${formatNumberOf(spent.tokens, "token")}${cost}.`}
      >
        <div className="flex flex-wrap gap-2 px-4 pb-4">
          <Link to="/datasets/$datasetId" params={{ datasetId: place.datasetId }} className={buttonLook("primary")}>
            View items
          </Link>
          <Link to="/datasets/$datasetId/curate" params={{ datasetId: place.datasetId }} className={buttonLook()}>
            Curate items
          </Link>
          <Button kind="quiet" onClick={again}>
            Generate more
          </Button>
        </div>
      </Section>
      <GenerateLosses tally={parsed.data} />
    </>
  );
}
