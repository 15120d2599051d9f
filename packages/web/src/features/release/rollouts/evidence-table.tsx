import { Link } from "@tanstack/react-router";
import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount } from "../../../components/text/format.ts";
import { formatHarm, formatValue, metricWords } from "../comparisons/index.ts";
import { ACTION_WORDS, adjustmentWords, formatEvidence, STATUS_WORDS } from "./rollout-words.ts";
import type { Finding, Rollout } from "./use-rollouts.ts";

/** Each metric: both arms, the harm with its bounds, and the evidence on a log scale with its line. */
export function EvidenceTable({ rollout }: { rollout: Rollout }) {
  const { evidence } = rollout;
  const units = evidence?.units;
  const description = units
    ? `${formatCount(units.candidate)} units of the candidate and ${formatCount(units.control)} of the control in this stage. Evidence at the line is proof of harm.`
    : undefined;
  return (
    <Section title="Evidence" description={description} className="overflow-hidden">
      {evidence ? (
        <PlainTable label="Evidence" columns={columnsOf(rollout)} rows={evidence.metrics} idOf={({ key }) => key} />
      ) : (
        <p className="px-4 pb-4 text-muted">No evaluation yet. The first one follows within seconds of the start.</p>
      )}
    </Section>
  );
}

const columnsOf = ({ unit, stageStartedAt, startedAt }: Rollout): readonly PlainColumn<Finding>[] => [
  {
    id: "metric",
    header: "Metric",
    className: "min-w-36",
    cell: (finding) => <Metric finding={finding} />,
  },
  {
    id: "candidate",
    header: "Candidate",
    isNumber: true,
    cell: (finding) => <Value finding={finding} arm="candidate" />,
  },
  { id: "control", header: "Control", isNumber: true, cell: (finding) => <Value finding={finding} arm="control" /> },
  {
    id: "harm",
    header: "Harm",
    isNumber: true,
    isWide: true,
    cell: (finding) => <Harm finding={finding} unit={unit} />,
  },
  { id: "evidence", header: "Evidence", className: "min-w-40", cell: (finding) => <Scale finding={finding} /> },
  { id: "status", header: "Status", className: "min-w-32", cell: (finding) => <Status finding={finding} /> },
  {
    id: "traces",
    header: <span className="sr-only">Traces</span>,
    cell: (finding) => <TracesLink finding={finding} from={stageStartedAt ?? startedAt} />,
  },
];

const Metric = ({ finding: { metric, action, isRequired } }: { finding: Finding }) => (
  <span className="flex flex-col">
    <span className="font-medium [overflow-wrap:anywhere]">{metricWords(metric)}</span>
    <span className="text-xs text-muted">
      {ACTION_WORDS[action]} on harm{isRequired ? ", required" : ""}
    </span>
  </span>
);

const Status = ({ finding }: { finding: Finding }) => (
  <span className="flex flex-col">
    <span className={STATUS_WORDS[finding.status].look}>● {STATUS_WORDS[finding.status].word}</span>
    <span className="text-xs text-muted">{missingOf(finding)}</span>
  </span>
);

const TracesLink = ({ finding: { filter, metric }, from }: { finding: Finding; from: string | null }) => (
  <Link
    to="/traces"
    search={{ view: "spans", filter, ...(from !== null && { from, to: new Date().toISOString() }) }}
    aria-label={`Traces behind ${metricWords(metric)}`}
    className="text-muted underline-offset-2 hover:text-text hover:underline"
  >
    Traces
  </Link>
);

function Value({ finding: { metric, values, units }, arm }: { finding: Finding; arm: "candidate" | "control" }) {
  return (
    <span className="flex flex-col items-end">
      <span>{formatValue(values[arm], metric)}</span>
      <span className="text-xs text-muted">{formatCount(units[arm])} units</span>
    </span>
  );
}

function Harm({ finding, unit }: { finding: Finding; unit: Rollout["unit"] }) {
  const { metric, harm, lowerBound, upperBound, margin, adjustment } = finding;
  const words = `margin ${formatHarm(margin, metric).replace("+", "")}`;
  return (
    <span className="flex flex-col items-end">
      <span>{formatHarm(harm, metric)}</span>
      <span className="text-xs text-muted">
        {lowerBound !== null && upperBound !== null
          ? `${formatHarm(lowerBound, metric)} to ${formatHarm(upperBound, metric)}, ${words}`
          : words}
      </span>
      {adjustment && <span className="text-xs text-muted">{adjustmentWords(adjustment, unit)}</span>}
    </span>
  );
}

const LEAST = -1;

/** The e-value on a log scale. The mark is where it is proof. */
function Scale({ finding: { evidence, line } }: { finding: Finding }) {
  const most = Math.max(line + 1, Math.min(evidence, line + 3));
  const placeOf = (log10: number) => Math.min(1, Math.max(0, (log10 - LEAST) / (most - LEAST))) * 100;
  const words = `${formatEvidence(evidence)}, line at ${formatEvidence(line)}`;
  return (
    <span className="flex flex-col gap-1">
      <span role="img" aria-label={`Evidence ${words}`} className="relative block h-2 rounded-full bg-raised">
        <span
          className={`block h-full rounded-full ${evidence >= line ? "bg-bad" : "bg-accent"}`}
          style={{ width: `${placeOf(evidence)}%` }}
        />
        <span className="absolute -top-0.5 h-3 w-0.5 bg-text" style={{ left: `${placeOf(line)}%` }} />
      </span>
      <span className="num text-xs text-muted">{words}</span>
    </span>
  );
}

function missingOf({ status, moreRequests, isRequired }: Finding): string {
  if (status === "harm") return "Worse than the control";
  if (status === "safe") return "Harm is below the margin";
  if (!isRequired) return "Not required";
  return moreRequests === null
    ? "Too close to the margin"
    : `About ${formatCount(rounded(moreRequests))} more requests`;
}

/** Two digits are enough for an estimate. */
function rounded(requests: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, requests))) - 1);
  return Math.ceil(requests / step) * step;
}
