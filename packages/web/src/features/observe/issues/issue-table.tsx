import { Link } from "@tanstack/react-router";
import { AgoCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCompact, formatNumberOf } from "../../../components/text/format.ts";
import { IssueStateBadge, KIND_WORDS, titleWords } from "./issue-words.tsx";
import { TrendBars } from "./trend-bars.tsx";
import type { Issue } from "./use-issues.ts";

/** Issues with their trend over 14 days. */
export const IssueTable = ({ issues }: { issues: readonly Issue[] | undefined }) => (
  <PlainTable label="Issues" columns={COLUMNS} rows={issues} idOf={({ issueId }) => issueId} />
);

const COLUMNS: readonly PlainColumn<Issue>[] = [
  { id: "title", header: "Issue", className: "w-full min-w-0", cell: (issue) => <TitleCell issue={issue} /> },
  { id: "trend", header: "14 days", isWide: true, cell: (issue) => <Trend issue={issue} /> },
  {
    id: "occurrences",
    header: "Occurrences",
    isNumber: true,
    isWide: true,
    cell: ({ occurrences }) => formatCompact(occurrences),
  },
  { id: "users", header: "Users", isNumber: true, isWide: true, cell: ({ users }) => formatCompact(users) },
  { id: "seen", header: "Last seen", isWide: true, cell: ({ lastSeenAt }) => <AgoCell iso={lastSeenAt} /> },
  {
    id: "assignee",
    header: "Assignee",
    isWide: true,
    cell: ({ assignee }) => assignee?.name ?? <span className="text-muted">unassigned</span>,
  },
  { id: "state", header: "State", cell: (issue) => <IssueStateBadge state={issue.state} /> },
];

const Trend = ({ issue: { trend } }: { issue: Issue }) => (
  <TrendBars values={trend} label={`${formatNumberOf(sumOf(trend), "occurrence")} in 14 days`} />
);
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

function TitleCell({ issue }: { issue: Issue }) {
  const { issueId, kind, occurrences, users, lastSeenAt } = issue;
  return (
    <div className="flex min-w-0 flex-col py-1">
      <Link
        data-row
        to="/issues/$issueId"
        params={{ issueId }}
        dir="auto"
        className="line-clamp-2 text-left font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {titleWords(issue)}
      </Link>
      <span className="text-xs text-muted">{KIND_WORDS[kind]}</span>
      {/* On a phone there is no room for more columns. */}
      <span className="num flex flex-wrap gap-x-3 text-xs text-muted md:hidden">
        <span>{formatNumberOf(occurrences, "occurrence")}</span>
        <span>{formatNumberOf(users, "user")}</span>
        <AgoCell iso={lastSeenAt} />
      </span>
    </div>
  );
}
