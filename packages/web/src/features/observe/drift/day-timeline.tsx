import { Link } from "@tanstack/react-router";
import { Section } from "../../../components/layout/page.tsx";
import { statusOf, wordOf } from "./drift-words.tsx";
import type { DriftRun, DriftWatch } from "./use-drift.ts";

const LOOKS: Readonly<Record<DriftWatch["status"], string>> = {
  waiting: "bg-raised",
  running: "bg-info",
  failed: "border-bad border-2 bg-panel",
  "not-enough-data": "border border-line-strong bg-panel",
  stable: "bg-good",
  changed: "bg-warn",
  confirmed: "bg-bad",
};
/** A bar is higher the worse the day, so that colour is not the only sign. */
const HEIGHTS: Readonly<Record<DriftWatch["status"], string>> = {
  waiting: "h-3",
  running: "h-3",
  failed: "h-3",
  "not-enough-data": "h-3",
  stable: "h-4",
  changed: "h-7",
  confirmed: "h-10",
};

type Props = { driftWatchId: string; runs: readonly DriftRun[]; shown: DriftRun };

/** One bar for each day. The chosen day is shown below. */
export const DayTimeline = ({ driftWatchId, runs, shown }: Props) => (
  <Section title="Days" description="A higher bar is a stronger change. Choose a day to see its texts.">
    <ol className="flex items-end gap-1 overflow-x-auto px-4 pt-1 pb-3">
      {runs.map((run) => (
        <Day key={run.day} driftWatchId={driftWatchId} run={run} isShown={run.day === shown.day} />
      ))}
    </ol>
    <Legend />
  </Section>
);

function Day({ driftWatchId, run, isShown }: { driftWatchId: string; run: DriftRun; isShown: boolean }) {
  const status = statusOf(run);
  const words = `${run.day}: ${wordOf(status)}`;
  return (
    <li className="flex min-w-6 max-w-16 grow flex-col items-stretch gap-1">
      <Link
        to="/drift/$driftWatchId"
        params={{ driftWatchId }}
        search={{ day: run.day }}
        replace
        aria-current={isShown ? "date" : undefined}
        aria-label={words}
        title={words}
        className="flex h-11 items-end rounded-control px-0.5 pb-0.5 hover:bg-raised aria-[current=date]:bg-raised"
      >
        <span className={`w-full rounded-sm ${LOOKS[status]} ${HEIGHTS[status]}`} />
      </Link>
      <span className={`num text-center text-xs ${isShown ? "font-medium" : "text-muted"}`}>{run.day.slice(8)}</span>
    </li>
  );
}

const SHOWN = ["stable", "changed", "confirmed", "not-enough-data", "failed"] as const;

const Legend = () => (
  <ul className="flex flex-wrap gap-x-4 gap-y-1 px-4 pb-3 text-xs text-muted">
    {SHOWN.map((status) => (
      <li key={status} className="flex items-center gap-1.5">
        <span aria-hidden className={`size-2.5 rounded-sm ${LOOKS[status]}`} /> {wordOf(status)}
      </li>
    ))}
  </ul>
);
