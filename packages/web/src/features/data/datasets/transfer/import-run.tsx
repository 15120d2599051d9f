import { Link } from "@tanstack/react-router";
import type { DatasetImport } from "@treadle/contract";
import { CircleAlert, CircleCheck } from "lucide-react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount, formatDuration, formatNumberOf } from "../../../../components/text/format.ts";
import { ActingJob } from "../../../system/jobs/index.ts";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { useOwnJob } from "../shared/use-jobs.ts";
import { RowErrors } from "./row-errors.tsx";
import { useImport } from "./use-import.ts";

type RunProps = { place: DatasetPlace; importId: string; again: () => void };

/** A running import, or its result. */
export function ImportRun({ place, importId, again }: RunProps) {
  const run = useImport(importId);
  const { job, failure } = useOwnJob(run.data?.jobId, () => void run.refetch());
  if (run.error && !run.data)
    return <ErrorState error={run.error} retry={() => run.refetch()} title="The import could not be loaded" />;
  const { data } = run;
  if (!data) return <Skeleton className="h-24 rounded-card" />;
  const isBroken = failure !== undefined;
  return (
    <>
      {data.state === "running" ? (
        <Section
          title={`Importing ${data.file.name}`}
          description={
            isBroken
              ? undefined
              : "The import continues if you close this page. The draft changes only when the import is done."
          }
        >
          <div className="px-4 pb-4">
            {job ? <ActingJob job={job} /> : <Skeleton className="h-9" />}
            {isBroken && (
              <Button className="mt-3" onClick={again}>
                Import another file
              </Button>
            )}
          </div>
        </Section>
      ) : (
        <Result place={place} run={data} again={again} />
      )}
      {data.errorCount > 0 && (
        <Section
          title={`${formatNumberOf(data.errorCount, "row")} with errors`}
          description={data.state === "done" ? "These rows were skipped. All other rows were imported." : undefined}
        >
          <RowErrors errors={data.errors} errorCount={data.errorCount} />
        </Section>
      )}
    </>
  );
}

const doneWords = ({ mode, rowsAdded, rowsReplaced }: DatasetImport) =>
  mode === "upsert"
    ? `${formatNumberOf(rowsAdded, "item")} added, ${formatCount(rowsReplaced)} replaced`
    : `${formatNumberOf(rowsAdded, "item")} in the draft`;

function Result({ place, run, again }: { place: DatasetPlace; run: DatasetImport; again: () => void }) {
  const isDone = run.state === "done";
  const Icon = isDone ? CircleCheck : CircleAlert;
  const ms = run.endedAt === null ? null : Date.parse(run.endedAt) - Date.parse(run.createdAt);
  return (
    <section aria-label="Import result" className="card flex items-start gap-3 p-5">
      <Icon aria-hidden size={20} className={`mt-0.5 shrink-0 ${isDone ? "text-good" : "text-bad"}`} />
      <div className="min-w-0 grow">
        <h2 className="text-base font-semibold">{isDone ? doneWords(run) : "The file was rejected"}</h2>
        <p className="mt-0.5 text-muted text-pretty [overflow-wrap:anywhere]">
          {isDone
            ? `From ${formatCount(run.rowsRead)} rows of ${run.file.name}${ms === null ? "" : `, in ${formatDuration(ms)}`}. Review and curate the items, then commit them as a version.`
            : `${run.file.name} has ${formatNumberOf(run.errorCount, "error")}. The draft has not changed. Fix the file, or import it again and skip the rows with errors.`}
        </p>
        <div className="mt-4 flex flex-wrap gap-2">
          {isDone && (
            <>
              <Link to="/datasets/$datasetId" params={{ datasetId: place.datasetId }} className={buttonLook("primary")}>
                View items
              </Link>
              <Link to="/datasets/$datasetId/curate" params={{ datasetId: place.datasetId }} className={buttonLook()}>
                Curate items
              </Link>
            </>
          )}
          <Button kind={isDone ? "quiet" : "plain"} onClick={again}>
            Import another file
          </Button>
        </div>
      </div>
    </section>
  );
}
