import { getRouteApi } from "@tanstack/react-router";
import { ApiError } from "../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { formatTime } from "../../../components/text/format.ts";
import { EvidenceSection } from "./evidence-section.tsx";
import { IncidentActions } from "./incident-actions.tsx";
import { IncidentState, SeverityBadge } from "./incident-badges.tsx";
import { IncidentFacts } from "./incident-facts.tsx";
import { IncidentTimeline } from "./incident-timeline.tsx";
import { sourceName } from "./incident-words.ts";
import { type Incident, useIncident } from "./use-incidents.ts";

const route = getRouteApi("/shell/incidents/$incidentId");

/** One incident: its evidence first, then what happened to it. */
export function IncidentPage() {
  const { incidentId } = route.useParams();
  const incident = useIncident(incidentId);
  const back = <BackLink to="/incidents" label="Incidents" />;
  const { data, error } = incident;
  if (error && !data)
    return (
      <>
        <PageHeader title="Incident" back={back} />
        <LoadFailure error={error} retry={() => incident.refetch()} />
      </>
    );
  return (
    <>
      <PageHeader
        title={data?.title ?? "Incident"}
        back={back}
        description={data ? <HeaderLine incident={data} /> : <Skeleton className="h-4 w-60" />}
        action={data && <IncidentActions incident={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts incident={data} /> : <Skeleton className="h-52 rounded-card" />}
      </div>
    </>
  );
}

function LoadFailure({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404)
    return <EmptyState title="Incident not found">It may belong to another project.</EmptyState>;
  return <ErrorState error={error} retry={retry} />;
}

const HeaderLine = ({ incident }: { incident: Incident }) => (
  <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
    <IncidentState state={incident.state} />
    <SeverityBadge severity={incident.severity} />
    <span className="[overflow-wrap:anywhere]">{sourceName(incident)}</span>
    <span className="num">opened {formatTime(incident.openedAt)}</span>
    {incident.isMuted && <span>muted</span>}
  </span>
);

const Parts = ({ incident }: { incident: Incident }) => (
  <>
    {incident.text && <p className="max-w-170 text-pretty [overflow-wrap:anywhere]">{incident.text}</p>}
    <IncidentFacts incident={incident} />
    <EvidenceSection incident={incident} />
    <IncidentTimeline incident={incident} />
  </>
);
