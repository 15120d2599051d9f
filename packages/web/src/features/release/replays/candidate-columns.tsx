import { Link } from "@tanstack/react-router";
import type { PlainColumn } from "../../../components/table/plain-table.tsx";
import { formatCount, formatPercent } from "../../../components/text/format.ts";
import type { Replay } from "./use-replays.ts";

type Run = Replay["runs"][number];

/** How each candidate answered. */
export const candidateColumns = (experimentId: string | null): readonly PlainColumn<Run>[] => [
  {
    id: "name",
    header: "Candidate",
    className: "w-full min-w-20",
    cell: (run) => <NameCell run={run} experimentId={experimentId} />,
  },
  ...COUNTS,
];

/** Opens the answers of the candidate. */
function NameCell({ run: { runId, name }, experimentId }: { run: Run; experimentId: string | null }) {
  if (experimentId === null) return name;
  return (
    <Link
      to="/experiments/$experimentId"
      params={{ experimentId }}
      search={{ tab: "items", run: runId }}
      className="font-medium [overflow-wrap:anywhere] hover:underline"
    >
      {name}
    </Link>
  );
}

const COUNTS: readonly PlainColumn<Run>[] = [
  {
    id: "answers",
    header: "Answers",
    isNumber: true,
    isWide: true,
    cell: ({ answers, planned }) =>
      planned === null ? formatCount(answers) : `${formatCount(answers)} of ${formatCount(planned)}`,
  },
  {
    id: "diverged",
    header: "Diverged",
    isNumber: true,
    cell: ({ diverged }) => <span className={diverged > 0 ? "text-warn" : ""}>{formatCount(diverged)}</span>,
  },
  {
    id: "errors",
    header: "Errors",
    isNumber: true,
    cell: ({ errors }) => <span className={errors > 0 ? "text-bad" : ""}>{formatCount(errors)}</span>,
  },
  {
    id: "tools",
    header: "Tool results",
    isNumber: true,
    isWide: true,
    cell: ({ toolCalls }) => formatCount(toolCalls),
  },
  { id: "decisions", header: "Same decisions", isNumber: true, cell: rateWords },
];

function rateWords({ sameDecisionRate: rate, sameDecisions, decisions }: Run) {
  if (rate === null) return "–";
  return (
    <span title={`${formatPercent(rate.low)} to ${formatPercent(rate.high)}, 95% interval`}>
      {formatPercent(rate.value)}{" "}
      <span className="text-muted max-md:hidden">
        ({formatCount(sameDecisions)} of {formatCount(decisions)})
      </span>
    </span>
  );
}
