import { getRouteApi } from "@tanstack/react-router";
import { INCIDENT_SOURCES, INCIDENT_STATES, SEVERITIES } from "@treadle/contract";
import { Plus, SearchX, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { useProject } from "../../system/session/index.ts";
import { IncidentFilters } from "./incident-filters.tsx";
import { IncidentTable } from "./incident-table.tsx";
import { NewIncident } from "./new-incident.tsx";
import type { ListSearch } from "./search.ts";
import { useIncidents } from "./use-incidents.ts";

const route = getRouteApi("/shell/incidents");

/** The project's incidents, newest first. */
export function IncidentsPage() {
  const search = route.useSearch();
  const canWrite = useProject().can("incidents:write");
  const [isNew, setIsNew] = useState(false);
  const query = toQuery(search);
  const list = useIncidents(query);
  const isEmpty = list.data?.pages[0]?.items.length === 0;
  const isBare = isEmpty && Object.values(query).every((value) => value === undefined);
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
        action={list.data && !isBare && add}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {isBare ? <NoIncidents action={add} /> : <Listing list={list} search={search} />}
      </div>
      {isNew && <NewIncident close={() => setIsNew(false)} />}
    </>
  );
}

function Listing({ list, search }: { list: ReturnType<typeof useIncidents>; search: ListSearch }) {
  const items = list.data?.pages.flatMap((page) => page.items);
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The incidents could not be loaded" />;
  return (
    <>
      <IncidentFilters search={search} />
      {items?.length === 0 ? <NoMatches /> : <IncidentTable list={list} items={items} />}
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
