import { Link, useNavigate } from "@tanstack/react-router";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { IncidentState, SeverityBadge } from "./incident-badges.tsx";
import { aboutWords } from "./incident-words.ts";
import type { Incident, useIncidents } from "./use-incidents.ts";

type TableProps = { list: ReturnType<typeof useIncidents>; items: readonly Incident[] | undefined };

/** Incidents, newest first. */
export function IncidentTable({ list, items }: TableProps) {
  const navigate = useNavigate();
  return (
    <div className="card overflow-hidden">
      <PlainTable
        label="Incidents"
        columns={COLUMNS}
        rows={items}
        idOf={({ incidentId }) => incidentId}
        onOpen={({ incidentId }) => void navigate({ to: "/incidents/$incidentId", params: { incidentId }, search: {} })}
      />
      <MoreRows list={list} />
    </div>
  );
}

const COLUMNS: readonly PlainColumn<Incident>[] = [
  {
    id: "title",
    header: "Incident",
    className: "w-full min-w-40",
    cell: (incident) => (
      <span className="flex min-w-0 flex-col">
        <Link
          to="/incidents/$incidentId"
          params={{ incidentId: incident.incidentId }}
          search={{}}
          onClick={(event) => event.stopPropagation()}
          className="line-clamp-2 font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {incident.title}
        </Link>
        <span className="line-clamp-1 text-xs text-muted [overflow-wrap:anywhere]">{aboutWords(incident)}</span>
      </span>
    ),
  },
  { id: "state", header: "State", cell: (incident) => <IncidentState state={incident.state} /> },
  { id: "severity", header: "Severity", cell: ({ severity }) => <SeverityBadge severity={severity} /> },
  {
    id: "owner",
    header: "Owner",
    isWide: true,
    cell: ({ owner }) => (
      <span className={`line-clamp-1 max-w-40 ${owner ? "" : "text-muted"}`}>{owner?.name ?? "Unassigned"}</span>
    ),
  },
  { id: "opened", header: "Opened", isWide: true, cell: ({ openedAt }) => <AgoCell iso={openedAt} /> },
  {
    id: "resolved",
    header: "Resolved",
    isWide: true,
    cell: ({ resolvedAt }) =>
      resolvedAt === null ? <span className="text-muted">–</span> : <AgoCell iso={resolvedAt} />,
  },
];
