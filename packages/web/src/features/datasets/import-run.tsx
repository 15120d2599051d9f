import { Link } from "@tanstack/react-router";
import type { DatasetImport } from "@treadle/contract";
import { CircleAlert, CircleCheck } from "lucide-react";
import { Button, buttonLook } from "../../components/button.tsx";
import { formatCount, formatDuration, formatNumberOf } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { ActingJob } from "../jobs/index.ts";
import { RowErrors } from "./row-errors.tsx";
import type { DatasetPlace } from "./use-draft.ts";
import { useImport } from "./use-import.ts";
import { useOwnJob } from "./use-jobs.ts";

type RunProps = { place: DatasetPlace; importId: string; again: () => void };

/** An import that runs, or what came of it. */
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
            isBroken ? undefined : "It goes on when this page is closed. Nothing changes in the draft until it is done."
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
          description={data.state === "done" ? "They were left out; all others were kept." : undefined}
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
    <section aria-label="What came of it" className="card flex items-start gap-3 p-5">
      <Icon aria-hidden size={20} className={`mt-0.5 shrink-0 ${isDone ? "text-good" : "text-bad"}`} />
      <div className="min-w-0 grow">
        <h2 className="text-base font-semibold">{isDone ? doneWords(run) : "The file was refused"}</h2>
        <p className="mt-0.5 text-muted text-pretty [overflow-wrap:anywhere]">
          {isDone
            ? `From ${formatCount(run.rowsRead)} rows of ${run.file.name}${ms === null ? "" : `, in ${formatDuration(ms)}`}. Look at them, curate them, and commit them as a version.`
            : `${run.file.name} has ${formatNumberOf(run.errorCount, "error")}, and the draft is as it was. Mend the file, or import it again and keep the good rows.`}
        </p>
        <div className="mt-4 flex flex-wrap gap-2">
          {isDone && (
            <>
              <Link to="/datasets/$datasetId" params={{ datasetId: place.datasetId }} className={buttonLook("primary")}>
                See the items
              </Link>
              <Link to="/datasets/$datasetId/curate" params={{ datasetId: place.datasetId }} className={buttonLook()}>
                Curate them
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
