import { getRouteApi } from "@tanstack/react-router";
import { RefreshCw } from "lucide-react";
import { RunEnd } from "../../../components/feedback/run-end.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Select } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatTime } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { AffectedTraces } from "./affected-traces.tsx";
import { ChangeList, DriftList, ProviderTable, SuggestionList } from "./evidence-lists.tsx";
import { MeasureChart } from "./measure-chart.tsx";
import { SegmentTable } from "./segment-table.tsx";
import {
  type Incident,
  type Snapshot,
  type SnapshotHead,
  useIncidentChanges,
  useSnapshot,
  useSnapshots,
} from "./use-incidents.ts";

const route = getRouteApi("/shell/incidents/$incidentId");

/** What is known about the cause, from the newest snapshot or from a chosen earlier one. */
export function EvidenceSection({ incident }: { incident: Incident }) {
  const { snapshot: chosen } = route.useSearch();
  const { incidentId, evidence: newest } = incident;
  const list = useSnapshots(incident);
  const heads = list.data?.items ?? (newest ? [newest] : []);
  const head = heads.find(({ snapshotId }) => snapshotId === chosen) ?? newest ?? undefined;
  const snapshot = useSnapshot(incidentId, head?.snapshotId, head?.state);
  return (
    <>
      <Section title="Evidence" action={<EvidenceActions incident={incident} heads={heads} shown={head} />}>
        <div className="flex flex-col gap-3 px-4 pb-4">
          {head === undefined && <p className="text-muted">No evidence was collected.</p>}
          {head && <SnapshotState head={head} />}
          {snapshot.error && !snapshot.data && (
            <ErrorState
              error={snapshot.error}
              retry={() => snapshot.refetch()}
              title="The evidence could not be loaded"
            />
          )}
          {snapshot.isLoading && head?.state === "ready" && <Skeleton className="h-40" />}
          {snapshot.data?.evidence && <Summary incident={incident} snapshot={snapshot.data} />}
        </div>
      </Section>
      {snapshot.data && <Details incident={incident} snapshot={snapshot.data} />}
    </>
  );
}

function SnapshotState({ head: { state, error } }: { head: SnapshotHead }) {
  if (state === "collecting")
    return <RunEnd tone="neutral" words="The evidence is being collected. This takes a few seconds." />;
  if (state === "failed")
    return (
      <RunEnd tone="warn" words={`The evidence could not be collected: ${error} It is tried again a few times.`} />
    );
  return null;
}

type ActionsProps = { incident: Incident; heads: readonly SnapshotHead[]; shown: SnapshotHead | undefined };

function EvidenceActions({ incident, heads, shown }: ActionsProps) {
  const { can } = useProject();
  const navigate = route.useNavigate();
  const { collect } = useIncidentChanges(incident.incidentId);
  const show = (snapshot: string | undefined) => void navigate({ search: { snapshot }, replace: true });
  return (
    <>
      {heads.length > 1 && <SnapshotSelect heads={heads} shown={shown} onChange={show} />}
      {can("incidents:write") && (
        <Button
          size="small"
          isBusy={collect.isPending}
          disabled={incident.evidence?.state === "collecting"}
          title="Collect the evidence again, up to now"
          onClick={() => collect.mutate(undefined, { onSuccess: () => show(undefined) })}
        >
          <RefreshCw aria-hidden size={13} /> Refresh
        </Button>
      )}
    </>
  );
}

type SelectProps = Pick<ActionsProps, "heads" | "shown"> & { onChange: (snapshotId: string) => void };

const SnapshotSelect = ({ heads, shown, onChange }: SelectProps) => (
  <Select
    aria-label="Snapshot"
    value={shown?.snapshotId}
    onChange={({ target }) => onChange(target.value)}
    className="w-48!"
  >
    {heads.map(({ snapshotId, createdAt }, place) => (
      <option key={snapshotId} value={snapshotId}>
        {formatTime(createdAt)}
        {place === 0 ? " (newest)" : ""}
      </option>
    ))}
  </Select>
);

function Summary({ incident, snapshot }: { incident: Incident; snapshot: Snapshot }) {
  const { evidence, from, to } = snapshot;
  if (!evidence) return null;
  return (
    <>
      <p className="max-w-190 text-base text-pretty [overflow-wrap:anywhere]">{evidence.sentence}</p>
      <MeasureChart filter={incident.filter} measure={evidence.measure} from={from} to={to} />
    </>
  );
}

function Details({ incident, snapshot }: { incident: Incident; snapshot: Snapshot }) {
  const { evidence, from, to } = snapshot;
  if (!evidence) return null;
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-4 max-lg:grid-cols-1">
        <ChangeList evidence={evidence} />
        <SuggestionList evidence={evidence} />
      </div>
      {evidence.comparisons.map((comparison) => (
        <SegmentTable key={comparison.against} evidence={evidence} comparison={comparison} />
      ))}
      <AffectedTraces evidence={evidence} from={from} to={to} title={incident.title} />
      <ProviderTable evidence={evidence} />
      <DriftList evidence={evidence} />
    </>
  );
}
