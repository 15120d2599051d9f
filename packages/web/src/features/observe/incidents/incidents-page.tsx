import { getRouteApi, Link } from "@tanstack/react-router";
import { INCIDENT_SOURCES, INCIDENT_STATES, SEVERITIES } from "@treadle/contract";
import { Plus, SearchX, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { FilterBar, FilterSelect } from "../../../components/table/filter-bar.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useMemberChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import { IncidentState, SeverityBadge } from "./incident-badges.tsx";
import { SEVERITY_WORDS, SOURCE_WORDS, STATE_WORDS, sourceName } from "./incident-words.ts";
import type { ListSearch } from "./index.ts";
import { NewIncident } from "./new-incident.tsx";
import { type Incident, useIncidents } from "./use-incidents.ts";

const route = getRouteApi("/shell/incidents");

/** The project's incidents, newest first. */
export function IncidentsPage() {
  const search = route.useSearch();
  const canWrite = useProject().can("incidents:write");
  const [isNew, setIsNew] = useState(false);
  const list = useIncidents(toQuery(search));
  const items = list.data?.pages.flatMap((page) => page.items);
  const isNarrowed = Object.values(search).some((value) => value !== undefined);
  const add = canWrite && (
    <Button kind="primary" onClick={() => setIsNew(true)}>
      <Plus aria-hidden size={14} /> New incident
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Incidents"
        description="Problems that monitors, probes, live rules or people found. Each has its evidence and a timeline."
        action={items && (items.length > 0 || isNarrowed) && add}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The incidents could not be loaded" />
        ) : items?.length === 0 && !isNarrowed ? (
          <NoIncidents action={add} />
        ) : (
          <>
            <Filters search={search} />
            {items?.length === 0 ? <NoMatches /> : <IncidentTable list={list} items={items} />}
          </>
        )}
      </div>
      {isNew && <NewIncident close={() => setIsNew(false)} />}
    </>
  );
}

function toQuery({ state, severity, source, owner, search }: ListSearch) {
  return {
    state: [...INCIDENT_STATES, "unresolved" as const].find((one) => one === state),
    severity: SEVERITIES.find((one) => one === severity),
    source: INCIDENT_SOURCES.find((one) => one === source),
    ownerId: owner,
    q: search,
  };
}

const NoIncidents = ({ action }: { action: ReactNode }) => (
  <EmptyState title="No incidents" icon={<TriangleAlert size={22} />} action={action}>
    A monitor that fires opens an incident and collects its evidence. You can also open an incident yourself.
  </EmptyState>
);

function NoMatches() {
  const navigate = route.useNavigate();
  return (
    <EmptyState
      title="No matching incidents"
      icon={<SearchX size={22} />}
      action={<Button onClick={() => void navigate({ search: {}, replace: true })}>Show all incidents</Button>}
    >
      No incident matches the search and the filters.
    </EmptyState>
  );
}

const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, name]) => ({ value, name }));

function Filters({ search }: { search: ListSearch }) {
  const navigate = route.useNavigate();
  const change = (next: ListSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  return (
    <FilterBar
      label="Search incidents"
      placeholder="Search incidents"
      word={search.search}
      onSearch={(word) => change({ search: word })}
    >
      <StateFilters search={search} change={change} />
      <SourceFilters search={search} change={change} />
    </FilterBar>
  );
}

type FilterProps = { search: ListSearch; change: (next: ListSearch) => void };

const StateFilters = ({ search, change }: FilterProps) => (
  <>
    <FilterSelect
      label="State"
      all="All states"
      value={search.state}
      options={[{ value: "unresolved", name: "Unresolved" }, ...optionsOf(STATE_WORDS)]}
      onChange={(state) => change({ state })}
      className="w-40!"
    />
    <FilterSelect
      label="Severity"
      all="All severities"
      value={search.severity}
      options={optionsOf(SEVERITY_WORDS)}
      onChange={(severity) => change({ severity })}
      className="w-40!"
    />
  </>
);

function SourceFilters({ search, change }: FilterProps) {
  const members = useMemberChoices();
  const owners = [
    { value: "none", name: "Unassigned" },
    ...(members.data ?? []).map(({ userId, name, email }) => ({ value: userId, name: name || email })),
  ];
  return (
    <>
      <FilterSelect
        label="Source"
        all="All sources"
        value={search.source}
        options={optionsOf(SOURCE_WORDS)}
        onChange={(source) => change({ source })}
        className="w-44!"
      />
      <FilterSelect
        label="Owner"
        all="All owners"
        value={search.owner}
        options={owners}
        onChange={(owner) => change({ owner })}
        className="w-40!"
      />
    </>
  );
}

type TableProps = { list: ReturnType<typeof useIncidents>; items: readonly Incident[] | undefined };

function IncidentTable({ list, items }: TableProps) {
  const navigate = route.useNavigate();
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
        <span className="line-clamp-1 text-xs text-muted [overflow-wrap:anywhere]">{sourceName(incident)}</span>
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
