import { ErrorState } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatMoney } from "../../../components/text/format.ts";
import { formatEvidence } from "./probe-state.tsx";
import { type Probe, type ProbeRun, useProbeRuns } from "./use-probes.ts";

const SHOWN = 30;

/** The last runs with their results, newest first. */
export function RunsSection({ probe }: { probe: Probe }) {
  const { data, error, refetch } = useProbeRuns(probe);
  const columns = probe.estimatedUsdPerDay === null ? COLUMNS : [...COLUMNS, COST];
  return (
    <Section title="Runs" description="Failed calls do not count as evidence.">
      {error && !data ? (
        <ErrorState error={error} retry={() => refetch()} title="The runs could not be loaded" />
      ) : (
        <PlainTable label="Runs" columns={columns} rows={data?.items.slice(0, SHOWN)} idOf={({ runId }) => runId} />
      )}
    </Section>
  );
}

const KINDS: Readonly<Record<ProbeRun["kind"], string>> = {
  selection: "choice of prompts",
  samples: "samples",
  reference: "reference",
  daily: "daily",
  confirmation: "second test",
};
const STATES: Readonly<Record<ProbeRun["state"], string>> = {
  running: "running",
  done: "done",
  budget: "stopped at budget",
  "no-answers": "no answers",
};
const factor = (value: number | null) => (value === null ? "–" : `× ${formatEvidence(value)}`);

const RunName = ({ run: { kind, state, message } }: { run: ProbeRun }) => (
  <span className="flex min-w-0 flex-col">
    <span>
      {KINDS[kind]} {state !== "done" && <span className="text-muted">({STATES[state]})</span>}
    </span>
    {message && <span className="text-xs text-muted [overflow-wrap:anywhere]">{message}</span>}
  </span>
);

const COLUMNS: readonly PlainColumn<ProbeRun>[] = [
  { id: "started", header: "Started", cell: ({ startedAt }) => <AgoCell iso={startedAt} /> },
  { id: "kind", header: "Run", className: "w-full min-w-32", cell: (run) => <RunName run={run} /> },
  {
    id: "answers",
    header: "Answers",
    isNumber: true,
    cell: ({ answers, calls }) => `${formatCount(answers)} of ${formatCount(calls)}`,
  },
  { id: "failures", header: "Failed", isNumber: true, isWide: true, cell: ({ failures }) => formatCount(failures) },
  { id: "counts", header: "Answers factor", isNumber: true, isWide: true, cell: (run) => factor(run.countFactor) },
  {
    id: "logprobs",
    header: "Log-prob. factor",
    isNumber: true,
    isWide: true,
    cell: (run) => factor(run.logprobFactor),
  },
  {
    id: "evidence",
    header: "Evidence",
    isNumber: true,
    cell: ({ evidence }) => (evidence === null ? "–" : formatEvidence(evidence)),
  },
];
/** Not shown for a model without a price. */
const COST: PlainColumn<ProbeRun> = {
  id: "cost",
  header: "Cost",
  isNumber: true,
  isWide: true,
  cell: ({ costUsd }) => formatMoney(costUsd),
};
