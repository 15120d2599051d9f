import { Link } from "@tanstack/react-router";
import { formatTime } from "../../../components/text/format.ts";
import { timeOf } from "../../../components/time/time-range.ts";
import { PathLink } from "./path-link.tsx";
import type { Incident } from "./use-incidents.ts";

/** Times are facts in ISO 8601, so that each reader sees them in the local time zone. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** The facts of the source, the labels, and links to what the incident is about. */
export function IncidentFacts({ incident }: { incident: Incident }) {
  const { facts, labels, from, resolvedAt } = incident;
  const rows = [
    ...facts.map(({ label, value }) => ({ label, value: TIME.test(value) ? formatTime(value) : value })),
    { label: "Affected since", value: formatTime(from) },
    ...(resolvedAt === null ? [] : [{ label: "Resolved", value: formatTime(resolvedAt) }]),
    ...Object.entries(labels).map(([label, value]) => ({ label, value })),
  ];
  return (
    <div className="flex flex-wrap items-baseline gap-x-6 gap-y-2">
      <dl className="flex flex-wrap gap-x-6 gap-y-1">
        {rows.map(({ label, value }) => (
          <div key={`${label} ${value}`} className="flex min-w-0 gap-1.5">
            <dt className="text-muted">{label}</dt>
            <dd className="num min-w-0 [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
      <Links incident={incident} />
    </div>
  );
}

function Links({ incident: { from, filter, runbookUrl, source, resolvedAt } }: { incident: Incident }) {
  const range = timeOf(new Date(from), new Date(resolvedAt ?? Date.now()));
  return (
    <span className="flex flex-wrap gap-x-4">
      <Link to="/traces" search={{ ...(filter ? { filter } : {}), ...range }} className="underline">
        Traces
      </Link>
      {source.kind === "monitor" && <PathLink path={`/monitors/${source.sourceId}`}>Monitor</PathLink>}
      {runbookUrl !== null && (
        <a href={runbookUrl} target="_blank" rel="noreferrer" className="underline">
          Runbook
        </a>
      )}
    </span>
  );
}
