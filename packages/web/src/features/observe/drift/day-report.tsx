import { JobProgress } from "../../../components/feedback/job-progress.tsx";
import { RunEnd } from "../../../components/feedback/run-end.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatDuration, formatNumberOf } from "../../../components/text/format.ts";
import { ChangedTexts } from "./changed-texts.tsx";
import { ExplanationTable } from "./explanation-table.tsx";
import { type DriftRun, type DriftWatch, useDriftReport, useRunJob } from "./use-drift.ts";

/** What changed on a day: sentences, what explains it, and the texts. */
export function DayReport({ watch, run }: { watch: DriftWatch; run: DriftRun }) {
  if (run.state === "failed")
    return <RunEnd tone="bad" words={`The run of ${run.day} failed: ${run.error ?? ""} Run the day again.`} />;
  if (run.state === "running") return <Running run={run} />;
  return (
    <>
      <Summary run={run} />
      {run.explanations.length > 0 && <ExplanationTable explanations={run.explanations} />}
      {run.verdict !== "not-enough-data" && <Texts watch={watch} run={run} />}
    </>
  );
}

function Running({ run }: { run: DriftRun }) {
  const job = useRunJob(run);
  return (
    <Section title={run.day}>
      <div className="px-4 pb-4">
        {job.data ? <JobProgress job={job.data} /> : <p className="text-muted">The comparison is running.</p>}
      </div>
    </Section>
  );
}

function Summary({ run }: { run: DriftRun }) {
  const { day, summary, currentTexts, referenceTexts, matching, durationMs, embeddedTexts, referenceVersion } = run;
  const read = matching > currentTexts ? ` of ${formatNumberOf(matching, "call")}` : "";
  const facts = [
    `${formatNumberOf(currentTexts, "text")}${read} against ${formatNumberOf(referenceTexts, "text")} of reference ${referenceVersion}`,
    ...(durationMs === null
      ? []
      : [`${formatDuration(durationMs)}, ${formatNumberOf(embeddedTexts, "text")} embedded, no cost`]),
  ];
  return (
    <Section title={`What changed on ${day}`} description={facts.join(" · ")}>
      <ul aria-live="polite" className="flex flex-col gap-1 px-4 pb-4">
        {summary.map((sentence) => (
          <li key={sentence} className="text-pretty [overflow-wrap:anywhere]">
            {sentence}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Texts({ watch, run }: { watch: DriftWatch; run: DriftRun }) {
  const report = useDriftReport(watch.driftWatchId, run);
  const { data, error } = report;
  if (error && !data)
    return <ErrorState error={error} retry={() => report.refetch()} title="The texts could not be loaded" />;
  return data ? <ChangedTexts report={data} /> : <Skeleton className="h-52 rounded-card" />;
}
