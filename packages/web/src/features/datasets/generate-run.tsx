import { Link } from "@tanstack/react-router";
import { SynthesisResult } from "@treadle/contract";
import { Button, buttonLook } from "../../components/button.tsx";
import { formatMoney, formatNumberOf } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { Skeleton } from "../../components/states.tsx";
import { ActingJob } from "../jobs/index.ts";
import { GenerateLosses } from "./generate-losses.tsx";
import type { DatasetPlace } from "./use-draft.ts";
import { useOwnJob } from "./use-jobs.ts";

type RunProps = { place: DatasetPlace; jobId: string; again: () => void };

/** Items that are being made, or what came of it. */
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
            ? "It goes on when this page is closed. Nothing changes in the draft until it is done."
            : "What was made until then is kept for 30 days: try again, and it goes on from there."
        }
      >
        <div className="px-4 pb-4">
          <ActingJob job={job} />
          {failure !== undefined && (
            <Button className="mt-3" onClick={again}>
              Generate something else
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
        title={`${formatNumberOf(added, "item")} added${changed > 0 ? `, ${changed} answered` : ""}`}
        description={`${why} ${formatNumberOf(spent.calls, "call")}, ${formatNumberOf(spent.tokens, "token")}${cost}.`}
      >
        <div className="flex flex-wrap gap-2 px-4 pb-4">
          <Link to="/datasets/$datasetId" params={{ datasetId: place.datasetId }} className={buttonLook("primary")}>
            See the items
          </Link>
          <Link to="/datasets/$datasetId/curate" params={{ datasetId: place.datasetId }} className={buttonLook()}>
            Curate them
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
